/** The `merge` generator: the first generator says which applications there are, the others what is different for some. */
import { Texts, Type } from '../../model/schema.ts'
import { overlaid, type Parameters } from '../parameters.ts'
import { type Generator, invalid, OneGenerator, specReader } from './generator.ts'
import type { Inner } from './matrix.ts'

const readSpec = specReader('merge', Type.Object({ generators: Type.Array(OneGenerator), mergeKeys: Texts }))

export function mergeGenerator(inner: Inner): Generator {
  return {
    async parameters(spec, context) {
      const { generators, mergeKeys } = readSpec(spec)
      const [base, ...others] = generators
      if (!base || others.length === 0) throw invalid('the merge generator needs at least two generators')
      if (mergeKeys.length === 0)
        throw invalid('the merge generator needs mergeKeys: parameters by which sets belong together')
      const lay = (under: Parameters, over: Parameters) =>
        context.filler.isGoTemplate ? overlaid(under, over) : { ...under, ...over }
      const merged = byKey(await inner(base, context), mergeKeys)
      for (const other of others) {
        for (const [key, over] of byKey(await inner(other, context), mergeKeys)) {
          const under = merged.get(key)
          if (under) merged.set(key, lay(under, over))
        }
      }
      return [...merged.values()]
    },
  }
}

function byKey(sets: Parameters[], mergeKeys: string[]): Map<string, Parameters> {
  const keys = [...new Set(mergeKeys)].sort()
  const found = new Map<string, Parameters>()
  for (const parameters of sets) {
    const values = keys.map((key) => (Object.hasOwn(parameters, key) ? parameters[key] : undefined) ?? null)
    const text = JSON.stringify(values)
    if (found.has(text)) {
      const shown = keys.map((key, index) => `${key}: ${JSON.stringify(values[index])}`).join(', ')
      throw invalid(`the merge generator: two sets of one generator have the same mergeKeys (${shown})`)
    }
    found.set(text, parameters)
  }
  return found
}

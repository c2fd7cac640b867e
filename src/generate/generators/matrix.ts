/** The `matrix` generator: each set of parameters of one generator with each of another, which may use them. */
import { Type } from '../../model/schema.ts'
import { type Dict, isDict } from '../../template/index.ts'
import { overlaid, type Parameters } from '../parameters.ts'
import { type Generator, type GeneratorContext, invalid, OneGenerator, specReader } from './generator.ts'

const readSpec = specReader('matrix', Type.Object({ generators: Type.Array(OneGenerator) }))

export type Inner = (entry: Dict, context: GeneratorContext) => Promise<Parameters[]>

const mostCombinations = 100_000

export function matrixGenerator(inner: Inner): Generator {
  return {
    async parameters(spec, context) {
      const [one, other, ...more] = readSpec(spec).generators
      if (!one || !other || more.length > 0)
        throw invalid('the matrix generator needs two generators, no fewer and no more')
      const combined: Parameters[] = []
      for (const first of await inner(one, context)) {
        for (const second of await inner(filledIn(other, first, context), context)) {
          combined.push(combine(first, second, context))
          if (combined.length > mostCombinations) {
            throw invalid(
              `the matrix generator makes more than ${mostCombinations} combinations: give narrower generators`,
            )
          }
        }
      }
      return combined
    },
  }
}

/** The second generator with the parameters of the first; its `values` may wait for its own. */
function filledIn(entry: Dict, parameters: Parameters, { filler }: GeneratorContext): Dict {
  if (Object.keys(parameters).length === 0) return entry
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]) => {
      if (!isDict(value)) return [name, value]
      // Its own template is not looked at: only that of the whole counts.
      const { values, template: _template, ...rest } = value
      const filled = filler.fillAll(rest, parameters) as Dict
      if (!isDict(values)) return [name, values === undefined ? filled : { ...filled, values }]
      const early = Object.entries(values).map(([key, text]) => [
        key,
        typeof text === 'string' ? (filler.fillIfKnown(text, parameters) ?? text) : text,
      ])
      return [name, { ...filled, values: Object.fromEntries(early) }]
    }),
  )
}

function combine(first: Parameters, second: Parameters, { filler }: GeneratorContext): Parameters {
  if (filler.isGoTemplate) return overlaid(second, first)
  for (const [key, value] of Object.entries(second)) {
    if (Object.hasOwn(first, key) && first[key] !== value) {
      const hint = key.startsWith('path') ? 'give one of them a pathParamPrefix' : 'rename one of them'
      throw invalid(`the matrix generator: both generators make ${key}, and not the same: ${hint}`)
    }
  }
  return { ...second, ...first }
}

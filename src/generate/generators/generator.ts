/** What every generator is: out of its part of the spec it makes parameters, one set for each application. */
import { Compile } from 'typebox/compile'
import { type ApplicationSet, StageError } from '../../model/index.ts'
import { Fields, Integer, type Static, TextMap, type TSchema, Type } from '../../model/schema.ts'
import { type Dict, isDict } from '../../template/index.ts'
import type { Parameters } from '../parameters.ts'
import type { TextFiller } from '../text/text-filler.ts'
import type { GeneratorInputs } from './inputs.ts'

export interface GeneratorContext {
  set: ApplicationSet
  filler: TextFiller
  inputs: GeneratorInputs
  /** What was found out before this time of the clock does not count. */
  notOlderThan: number
  signal: AbortSignal
}

export interface Generator {
  /** Throws a StageError when they are not known: nobody may take that for none. */
  parameters(spec: Dict, context: GeneratorContext): Promise<Parameters[]>
  /** After how long to look again where no event tells; undefined: never. */
  lookAgainMs?(spec: Dict): number | undefined
}

/** What generators that ask the outside have in common. */
export const Repeated = Fields({ values: TextMap, requeueAfterSeconds: Integer })

export function invalid(message: string): StageError {
  return new StageError('generate', message, { retry: false })
}

/** A generator's part of the spec in its shape; throws where it has another. */
export function specReader<Schema extends TSchema>(name: string, schema: Schema): (spec: Dict) => Static<Schema> {
  const check = Compile(schema)
  return (spec) => {
    if (check.Check(spec)) return spec as Static<Schema>
    const [first] = check.Errors(spec)
    const where = (first?.instancePath ?? '').replaceAll('/', '.')
    throw invalid(`the ${name} generator: ${name}${where} ${first?.message ?? 'is not understood'}`)
  }
}

export function requeueAfterMs(spec: Dict, otherwiseSeconds: number): number | undefined {
  const { requeueAfterSeconds } = spec
  const seconds = typeof requeueAfterSeconds === 'number' ? requeueAfterSeconds : otherwiseSeconds
  return seconds > 0 ? seconds * 1000 : undefined
}

/** `values` of a generator, filled in with its own parameters: none of them sees another. */
export function withValues(
  parameters: Parameters,
  values: Record<string, string> | undefined,
  { filler }: Pick<GeneratorContext, 'filler'>,
): Parameters {
  const entries = Object.entries(values ?? {}).map(([key, value]) => [key, filler.fill(value, parameters)] as const)
  if (entries.length === 0) return parameters
  if (filler.isGoTemplate) return { ...parameters, values: Object.fromEntries(entries) }
  return { ...parameters, ...Object.fromEntries(entries.map(([key, value]) => [`values.${key}`, value])) }
}

/** What may be read as a dictionary from the text of a file, or as a list of them. */
export function dictionariesOf(value: unknown, what: string): Parameters[] {
  if (value === null || value === undefined) return [{}]
  if (isDict(value)) return [value]
  if (Array.isArray(value) && value.every(isDict)) return value
  throw invalid(`${what} holds neither a mapping nor a list of mappings`)
}

export const OneGenerator = Type.Unsafe<Dict>({ type: 'object' })

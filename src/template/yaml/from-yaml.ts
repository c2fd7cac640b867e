/** YAML as Kubernetes reads it, as far as templates need it. */
import { loadAll, Schema, timestampTag, YAML11_SCHEMA, YAMLException } from 'js-yaml'
import { Budget, defaultLimits } from '../budget.ts'
import { dictOf, isDict, type Value } from '../value.ts'

/** Dates stay text, and the last of several equal keys counts. */
const schema = new Schema(YAML11_SCHEMA.tags.filter((tag) => tag !== timestampTag))

export function fromYaml(text: string, budget: Budget): Value {
  budget.step(Math.ceil(text.length / 8))
  try {
    return plain(loadAll(text, { schema, json: true })[0], budget)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw new Error(`the text is no YAML: ${error.reason} (line ${(error.mark?.line ?? 0) + 1})`)
  }
}

/** The same outside of a rendering. */
export function readYaml(text: string): Value {
  return fromYaml(text, new Budget(defaultLimits))
}

/** A copy, so that two places with the same anchor are two values; each step is counted. */
function plain(value: unknown, budget: Budget): Value {
  budget.step()
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (Array.isArray(value)) return budget.nested(() => value.map((element) => plain(element, budget)))
  if (!isDict(value)) return typeof value === 'bigint' ? Number(value) : value
  return budget.nested(() =>
    dictOf(Object.entries(value).map(([key, element]) => [key, plain(element, budget)] as const)),
  )
}

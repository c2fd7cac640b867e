/** Checks what a client sends against the schemas of a route. */
import { Compile } from 'typebox/compile'
import { Convert } from 'typebox/value'
import type { Route } from '../contract/index.ts'
import type { TSchema } from '../model/schema.ts'
import { ApiError } from './api-error.ts'

export interface Input {
  query: unknown
  body: unknown
}

/** Throws InvalidArgument that says what is wrong and where. */
export type ReadInput = (given: Input) => Input

export function inputReader({ query, body }: Route): ReadInput {
  const ofQuery = query && checker(query, 'query parameter')
  const ofBody = body && checker(body, 'field')
  return (given) => ({
    // What comes in an address is text: numbers and flags are read from it. A body says what it means.
    query: ofQuery ? ofQuery(Convert(query, splitLists(query, given.query))) : {},
    body: ofBody ? ofBody(given.body) : undefined,
  })
}

function checker(schema: TSchema, noun: string): (value: unknown) => unknown {
  const compiled = Compile(schema)
  return (value) => {
    if (compiled.Check(value)) return value
    const [first] = compiled.Errors(value)
    const where = first?.instancePath.slice(1).replaceAll('/', '.')
    const what = `${where ? `${noun} ${where}` : 'the request'} ${first?.message ?? 'is not understood'}`
    throw new ApiError('InvalidArgument', what)
  }
}

/** Lists may be given once or several times. */
function splitLists(schema: TSchema, query: unknown): unknown {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> }
  return Object.fromEntries(
    Object.entries((query ?? {}) as Record<string, unknown>)
      // Flags of other versions are none of ours.
      .filter(([name]) => Object.hasOwn(properties, name))
      .map(([name, value]) => [name, properties[name]?.type === 'array' ? [value].flat() : [value].flat().at(-1)]),
  )
}

/** anyOf, oneOf, allOf and not. */
import { type Findings, merge, none } from './finding.ts'
import { type Place, wholeFault } from './place.ts'
import type { JsonSchema } from './schema.ts'

/** Validates the same value against another schema. */
export type Against = (schema: JsonSchema) => Findings

function quoted(place: Place): string {
  return JSON.stringify(place.name)
}

/** Of the schemas that failed, the one that the value came closest to; of equals the first. */
function closest(results: Findings[]): Findings | undefined {
  const [first, ...rest] = results
  return rest.reduce((best, result) => (best && result.matches <= best.matches ? best : result), first)
}

function anyOf(schemas: JsonSchema[], against: Against, place: Place): Findings {
  const failed: Findings[] = []
  for (const schema of schemas) {
    const result = against(schema)
    if (result.faults.length === 0) return result
    failed.push(result)
  }
  const fault = wholeFault(place, `${quoted(place)} must validate at least one schema (anyOf)`)
  return merge({ faults: [fault], matches: 0 }, closest(failed) ?? none())
}

function oneOf(schemas: JsonSchema[], against: Against, place: Place): Findings {
  const results = schemas.map(against)
  const valid = results.filter((result) => result.faults.length === 0)
  const [first] = valid
  if (first && valid.length === 1) return first
  const count = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`
  const fault = wholeFault(place, `${quoted(place)} must validate one and only one schema (oneOf). ${count}`)
  const best = valid.length === 0 ? closest(results) : undefined
  return merge({ faults: [fault], matches: 0 }, best ?? none())
}

function allOf(schemas: JsonSchema[], against: Against, place: Place): Findings {
  const results = schemas.map(against)
  const found = merge(none(), ...results)
  const valid = results.filter((result) => result.faults.length === 0).length
  if (valid === schemas.length) return found
  const suffix = valid === 0 ? '. None validated' : ''
  found.faults.push(wholeFault(place, `${quoted(place)} must validate all the schemas (allOf)${suffix}`))
  return found
}

function not(schema: JsonSchema, against: Against, place: Place): Findings {
  if (against(schema).faults.length > 0) return none()
  return { faults: [wholeFault(place, `${quoted(place)} must not validate the schema (not)`)], matches: 0 }
}

/** What the combined schemas say of a value that is not null. */
export function combinedFindings(schema: JsonSchema, against: Against, place: Place): Findings {
  const found = none(2)
  if (schema.anyOf?.length) merge(found, anyOf(schema.anyOf, against, place))
  if (schema.oneOf?.length) merge(found, oneOf(schema.oneOf, against, place))
  if (schema.allOf?.length) merge(found, allOf(schema.allOf, against, place))
  if (schema.not) merge(found, not(schema.not, against, place))
  return found
}

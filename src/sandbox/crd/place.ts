/** Where in a custom resource a value stands: its name in messages, and the path of its fault. */
import type { FieldFault } from '../status.ts'
import { child, invalidType, invalidValue } from './fault.ts'

/** A value below `prefix` ("status" when only that is validated); `name` is the path from there, "" for the root. */
export interface Place {
  prefix: string
  name: string
}

export function pathOf(place: Place): string {
  const name = place.name.startsWith('.') ? place.name.slice(1) : place.name
  if (!name) return place.prefix
  return place.prefix ? child(place.prefix, name) : name
}

export function property(place: Place, field: string): Place {
  return { prefix: place.prefix, name: place.name ? `${place.name}.${field}` : field }
}

/** A field that the schema does not name: the server begins its name with a dot at the root. */
export function unnamed(place: Place, field: string): Place {
  return { prefix: place.prefix, name: `${place.name}.${field}` }
}

export function item(place: Place, index: number): Place {
  return { prefix: place.prefix, name: `${place.name}[${index}]` }
}

/** A fault of the value itself; `rule` goes on from "NAME in body". */
export function fault(place: Place, value: unknown, rule: string): FieldFault {
  return invalidValue(pathOf(place), value ?? '', `${place.name} in body ${rule}`)
}

export function typeFault(place: Place, expected: string, found: string): FieldFault {
  const detail = `${place.name} in body must be of type ${expected}: ${JSON.stringify(found)}`
  return invalidType(pathOf(place), found, detail)
}

/** A fault of several schemas together, or of a number's range: it is reported for the whole object. */
export function wholeFault(place: Place, detail: string): FieldFault {
  return invalidValue(place.prefix, '', detail)
}

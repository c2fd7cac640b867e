/** Null means the same as nothing in the bodies that Argo CD's clients send. Pure. */

export type WithoutNulls<Given> = { [Name in keyof Given]: Exclude<Given[Name], null> }

export function withoutNulls<Given>(given: Given): WithoutNulls<Given> {
  return strip(given) as WithoutNulls<Given>
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined)
  return Object.fromEntries(entries.map(([name, item]) => [name, strip(item)]))
}

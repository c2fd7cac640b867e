/** What templates and conditions of deep links may read: the data they are given, by own keys only. */

/** Says why a template or condition cannot be used; its message is shown to whoever configured it. */
export class LinkError extends Error {}

export type LinkData = Record<string, unknown>

/** What stands there; nothing if the key is missing, an error if there is nothing to have keys. */
export function member(value: unknown, key: string | number, path: string): unknown {
  if (typeof value !== 'object' || value === null) throw new LinkError(`${path} is not there, or has no fields`)
  if (Array.isArray(value) !== (typeof key === 'number')) throw new LinkError(`${path} has no ${JSON.stringify(key)}`)
  return Object.hasOwn(value, key) ? (value as LinkData)[key] : undefined
}

/** Deep copies of JSON values; much faster than structuredClone, which every write would pay several times. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf) as T
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = copyOf((value as Record<string, unknown>)[key])
    // Plain assignment would set the prototype instead of a key of that name.
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: member, enumerable: true, configurable: true, writable: true })
    else copy[key] = member
  }
  return copy as T
}

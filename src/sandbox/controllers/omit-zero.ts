/** Go's `omitempty`: a status names only what is there. */

/** The fields of `status` without those that Go would leave out: 0, '', undefined, []; `keep` names exceptions. */
export function omitZero<T extends object>(status: T, keep: readonly (keyof T)[] = []): T {
  const empty = (value: unknown) => value === 0 || value === '' || (Array.isArray(value) && value.length === 0)
  const entries = Object.entries(status).filter(
    ([field, value]) => value !== undefined && (keep.includes(field as keyof T) || !empty(value)),
  )
  // The same fields with the same types, only fewer of the optional ones
  return Object.fromEntries(entries) as T
}

/** The smallest JSON merge patch (RFC 7386) that turns one document into another. Pure. */
import { deepEqual } from 'fast-equals'

type Document = Record<string, unknown>

/** undefined when the documents are equal. Fields that are undefined count as absent. */
export function mergePatch(from: Document, to: Document): Document | undefined {
  const patch: Document = {}
  for (const key of Object.keys(from)) {
    if (from[key] !== undefined && to[key] === undefined) patch[key] = null
  }
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue
    const old = from[key]
    if (isDocument(value) && isDocument(old)) {
      const inner = mergePatch(old, value)
      if (inner) patch[key] = inner
    } else if (!deepEqual(old, value)) patch[key] = value
  }
  return Object.keys(patch).length > 0 ? patch : undefined
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

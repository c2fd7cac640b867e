/** JSON merge patches (RFC 7386): the smallest one between two documents, and what one makes of a document. Pure. */
import { deepEqual } from 'fast-equals'

type Document = Record<string, unknown>

/** What turns `from` into `to`; undefined when the documents are equal. Fields that are undefined count as absent. */
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

export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isDocument(patch)) return patch
  const kept = Object.entries(isDocument(target) ? target : {}).filter(([key]) => !Object.hasOwn(patch, key))
  const changed = Object.entries(patch).filter(([, value]) => value !== null)
  return Object.fromEntries([
    ...kept,
    ...changed.map(([key, value]) => [key, applyMergePatch(isDocument(target) ? target[key] : undefined, value)]),
  ])
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

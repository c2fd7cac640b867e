/** Fields that somebody has set and Git does not declare. */
import { isSecret, type KubeObject, type UndeclaredField } from '../model/index.ts'
import { blame, isOurs } from './blame.ts'
import { type FieldPath, type FieldsV1, fieldPathText, hasKey, isLeaf, isMap } from './field-path.ts'
import { maskFields } from './mask-secret.ts'

interface Owned {
  path: FieldPath
  live: unknown
}

/**
 * What managers other than ours own and `desired` does not have, each with who wrote it last; status and what the server
 * keeps left out. They are nobody's fault: a field that Git leaves open is there for others. Values of Secrets are masked.
 */
export function undeclaredFields(
  desired: KubeObject | undefined,
  live: KubeObject,
  maskedAnnotations: readonly string[] = [],
): UndeclaredField[] {
  const entries = (live.metadata.managedFields ?? []).filter((entry) => !isOurs(entry))
  const found = new Map<string, UndeclaredField>()
  for (const { fieldsV1 = {} } of entries) {
    for (const { path, live: value } of ownedValues(fieldsV1, { wanted: desired, live }, [])) {
      const author = blame(entries, path)
      if (path[0] !== 'status' && author)
        found.set(fieldPathText(path), { path: fieldPathText(path), live: value, author })
    }
  }
  const fields = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return isSecret(live) ? maskFields(fields, maskedAnnotations) : fields
}

interface Both {
  wanted: unknown
  live: unknown
}

/** A map or list that is not declared at all is told as far as its owner names its parts. */
function ownedValues(owned: FieldsV1, { wanted, live }: Both, path: FieldPath): Owned[] {
  if (live === undefined) return []
  if (isLeaf(owned)) return wanted === undefined && path.length > 0 ? [{ path, live }] : []
  return Object.entries(owned).flatMap(([name, node]) => {
    if (name === '.') return []
    const both = name.startsWith('f:') ? fieldOf(name.slice(2), { wanted, live }) : itemOf(name, { wanted, live })
    return both ? ownedValues(node as FieldsV1, both, [...path, both.element]) : []
  })
}

type Element = FieldPath[number]

function fieldOf(name: string, { wanted, live }: Both): (Both & { element: Element }) | undefined {
  if (!isMap(live)) return undefined
  return { element: name, wanted: isMap(wanted) ? wanted[name] : undefined, live: live[name] }
}

function itemOf(name: string, { wanted, live }: Both): (Both & { element: Element }) | undefined {
  if (!Array.isArray(live)) return undefined
  const value = JSON.parse(name.slice(2)) as unknown
  const isIt = (item: unknown) => (name.startsWith('k:') ? hasDeclaredKey(item, value as FieldsV1) : item === value)
  const element = name.startsWith('k:') ? { key: value as Record<string, unknown> } : { value }
  const there = live.find((item) => (name.startsWith('k:') ? hasKey(item, value as FieldsV1) : item === value))
  return { element, wanted: Array.isArray(wanted) ? wanted.find(isIt) : undefined, live: there }
}

/** A declared item may leave out a part of its key that the server fills in. */
function hasDeclaredKey(item: unknown, key: Record<string, unknown>): boolean {
  return isMap(item) && Object.entries(key).every(([name, value]) => item[name] === undefined || item[name] === value)
}

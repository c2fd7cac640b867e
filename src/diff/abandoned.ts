/** What applying would remove only after the object's client-side ownership has been migrated. */
import { annotation, clientSideManagers, type KubeObject, type ManagedFieldsEntry } from '../model/index.ts'
import { isOurs, owns } from './blame.ts'
import { type FieldPath, isEmpty, isMap } from './field-path.ts'

/**
 * Fields that were declared when the object was last applied client-side, that no source declares now, and that nobody
 * else owns. A dry-run leaves them in place, because the client-side manager still owns them; a sync takes that
 * ownership over, and so drops them. Items of lists are not looked into: only a list that is gone as a whole counts.
 */
export function abandonedFields(desired: KubeObject, live: KubeObject): FieldPath[] {
  const applied = lastApplied(live)
  const entries = live.metadata.managedFields ?? []
  const clientSide = entries.filter(isClientSide)
  if (!applied || clientSide.length === 0) return []
  const others = entries.filter((entry) => !isClientSide(entry) && !isOurs(entry))
  const ownedBy = (managers: ManagedFieldsEntry[], path: FieldPath) =>
    managers.some((entry) => entry.fieldsV1 && owns(entry.fieldsV1, path))
  return missingFields(applied, desired, []).filter((path) => ownedBy(clientSide, path) && !ownedBy(others, path))
}

function isClientSide(entry: ManagedFieldsEntry): boolean {
  return entry.operation === 'Update' && !entry.subresource && clientSideManagers.includes(entry.manager)
}

function lastApplied(live: KubeObject): Record<string, unknown> | undefined {
  const text = live.metadata.annotations?.[annotation.lastApplied]
  if (text === undefined) return undefined
  try {
    const applied: unknown = JSON.parse(text)
    return isMap(applied) ? applied : undefined
  } catch {
    // Somebody edited the annotation: then nothing is known about what was applied.
    return undefined
  }
}

function missingFields(
  applied: Record<string, unknown>,
  desired: Record<string, unknown>,
  path: FieldPath,
): FieldPath[] {
  return Object.entries(applied).flatMap(([name, value]) => {
    const here = [...path, name]
    if (value === null || isIdentity(here)) return []
    const wanted = desired[name]
    if (wanted === undefined || wanted === null) return isEmpty(value) ? [] : [here]
    return isMap(value) && isMap(wanted) ? missingFields(value, wanted, here) : []
  })
}

function isIdentity(path: FieldPath): boolean {
  const [first, second] = path
  if (first === 'apiVersion' || first === 'kind' || first === 'status') return true
  return first === 'metadata' && (second === 'name' || second === 'namespace' || second === 'creationTimestamp')
}

/** Takes over the fields of an object that was applied client-side, so that what Git drops is dropped live. */
import type { KubeClient } from '../kube/kube-client.ts'
import { KubeError } from '../kube/kube-error.ts'
import { fieldManager, type KubeObject, keyOf, type ManagedFieldsEntry, versionOf } from '../model/index.ts'

type FieldSet = Record<string, unknown>

/**
 * managedFields with the fields of these client-side `managers` moved to our manager's Apply entry; undefined when there are none
 * to move. The field set to keep is that of the version in which the object was applied last.
 */
export function migratedManagedFields(
  entries: ManagedFieldsEntry[] = [],
  managers: readonly string[] = [],
): ManagedFieldsEntry[] | undefined {
  const isClientSide = ({ manager, operation, subresource }: ManagedFieldsEntry) =>
    operation === 'Update' && !subresource && managers.includes(manager)
  const moved = entries.filter(isClientSide)
  const [newest] = moved.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))
  if (!newest) return undefined
  const isOwn = (entry: ManagedFieldsEntry) =>
    entry.manager === fieldManager && entry.operation === 'Apply' && !entry.subresource
  const own = entries.find(isOwn)
  const sources = own ? [own, ...moved] : moved
  const { time: _time, ...described } = own ?? newest
  const united: ManagedFieldsEntry = {
    ...described,
    manager: fieldManager,
    operation: 'Apply',
    ...(newest.time && { time: newest.time }),
    fieldsV1: sources.reduce<FieldSet>((union, { fieldsV1 }) => unite(union, fieldsV1 ?? {}), {}),
  }
  return [united, ...entries.filter((entry) => !isClientSide(entry) && !isOwn(entry))]
}

function unite(a: FieldSet, b: FieldSet): FieldSet {
  const union = { ...a }
  for (const [name, node] of Object.entries(b)) {
    union[name] = name in union ? unite(union[name] as FieldSet, node as FieldSet) : node
  }
  return union
}

/** Controllers write the status of an object just when it was applied: the attempts until one comes through. */
const mostAttempts = 10

/** Writes the new managedFields; true when there was something to migrate. `applied`: the object as it was seen last. */
export async function migrate(
  client: KubeClient,
  applied: KubeObject,
  { managers, signal }: { managers: readonly string[]; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const target = { ...keyOf(applied), version: versionOf(applied.apiVersion) }
  let live: KubeObject | undefined = applied
  for (let attempt = 1; live; attempt++) {
    const managedFields = migratedManagedFields(live.metadata.managedFields, managers)
    if (!managedFields) return attempt > 1
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: managedFields },
      { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    ]
    try {
      await client.patch(target, patch, { type: 'json', fieldManager, ...(signal && { signal }) })
      return true
    } catch (error) {
      const isStale = error instanceof KubeError && error.code === 409
      if (!isStale || attempt === mostAttempts) throw error
    }
    live = await client.get(target, signal)
  }
  return false
}

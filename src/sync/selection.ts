/** Which objects a sync of chosen resources is about. */
import { matchesGlob, type ResourceKey, type SyncOperationResource } from '../model/index.ts'

/**
 * Everything when nothing is chosen. The first entry that names the object decides; when every entry excludes, what no
 * entry names is taken. Group, kind, namespace and name may be globs; an entry without a namespace means any.
 */
export function isSelected(key: ResourceKey, resources: SyncOperationResource[] | undefined): boolean {
  if (!resources || resources.length === 0) return true
  const entry = resources.find((resource) => names(resource, key))
  return entry ? !entry.exclude : resources.every(({ exclude }) => exclude)
}

function names(resource: SyncOperationResource, key: ResourceKey): boolean {
  return (
    like(resource.group ?? '', key.group) &&
    like(resource.kind, key.kind) &&
    like(resource.name, key.name) &&
    (!resource.namespace || like(resource.namespace, key.namespace))
  )
}

function like(pattern: string, text: string): boolean {
  return pattern === text || (pattern.includes('*') && matchesGlob(pattern, text))
}

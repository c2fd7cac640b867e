/** Finds the application that an object belongs to, also while the method of tracking is being changed. */
import {
  type Application,
  fieldManager,
  formerApplication,
  type KubeObject,
  keyOf,
  keyText,
  type Tracking,
  trackingApplication,
} from '../model/index.ts'

export interface TrackerOptions {
  tracking(): Tracking
  application(instance: string): Application | undefined
}

export function openTracker({ tracking, application }: TrackerOptions): (object: KubeObject) => string | undefined {
  const listings = new WeakMap<object, Set<string>>()

  function lists(instance: string, object: KubeObject): boolean {
    const resources = application(instance)?.status?.resources
    if (!resources) return false
    let keys = listings.get(resources)
    if (!keys) {
      keys = new Set(
        resources.map(({ group = '', kind = '', namespace = '', name = '' }) =>
          keyText({ group, kind, namespace, name }),
        ),
      )
      listings.set(resources, keys)
    }
    return keys.has(keyText(keyOf(object)))
  }

  return (object) => {
    const now = trackingApplication(object, tracking())
    if (now !== undefined) return now
    const before = formerApplication(object, tracking())
    // Charts and people set such labels too: it has to be an object that was applied for just this application.
    return before !== undefined && wasApplied(object) && lists(before, object) ? before : undefined
  }
}

function wasApplied({ metadata }: KubeObject): boolean {
  return metadata.managedFields?.some(({ manager }) => manager === fieldManager) ?? false
}

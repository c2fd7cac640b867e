/** Which owners to look at again when one of their children changed. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import { type Informer, keyOf, objectKey } from './informer.ts'
import { controllerOf } from './owner.ts'
import { type LabelSelector, selects } from './selector.ts'
import type { WorkQueue } from './work-queue.ts'

type Selecting = KubeObject & { spec: { selector: LabelSelector } }

function mayAdopt(orphan: KubeObject, owners: Iterable<Selecting>): string[] {
  return [...owners].filter((owner) => selects(owner.spec.selector, orphan.metadata.labels)).map(keyOf)
}

/** Queues the owners themselves, the owners of changed children, and those who may adopt a new orphan. */
export function queueOwners<T extends Selecting>(
  queue: WorkQueue,
  { kind, owners, children }: { kind: string; owners: Informer<T>; children: Informer[] },
): void {
  owners.onChange((owner, old) => {
    const changed = owner ?? old
    if (changed) queue.add(keyOf(changed))
  })
  for (const informer of children) {
    informer.onChange((now, old) => {
      for (const child of [now, old]) {
        const owner = child && controllerOf(child)
        if (owner?.kind === kind) queue.add(objectKey(child?.metadata.namespace, owner.name))
      }
      if (!now || controllerOf(now) || deepEqual(now.metadata.labels, old?.metadata.labels)) return
      for (const key of mayAdopt(now, owners.inNamespace(now.metadata.namespace ?? ''))) queue.add(key)
    })
  }
}

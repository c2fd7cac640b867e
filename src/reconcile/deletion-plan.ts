/** What becomes of an application's objects when the application is deleted. Pure. */
import { annotation, describeKey, type KubeObject, listAnnotation, type ResourceKey } from '../model/index.ts'
import { waveOf } from '../sync/index.ts'
import { deletingOption } from './confirmation.ts'

export interface DeletionRequest<Item extends Deletable> {
  items: Item[]
  /** The application's own options, `Name=value`. */
  syncOptions: string[]
  /** The Application itself, where it is among its own objects. */
  self: ResourceKey & { uid: string | undefined }
  /** Somebody has confirmed what asks for it. */
  confirmed: boolean
  /** Why an object must not be touched; undefined: it may. */
  permission(key: ResourceKey): string | undefined
}

interface Deletable {
  key: ResourceKey
  uid: string
  object: KubeObject
}

export interface DeletionPlan<Item> {
  /** To be deleted now: what is in the highest wave that is left. */
  now: Item[]
  /** Everything that has to be gone before the application is. */
  remaining: Item[]
  /** What is waited for before anything is deleted; in words. */
  unconfirmed: string[]
  /** What stays in the cluster, and why; in words. */
  left: string[]
}

export function planDeletion<Item extends Deletable>(request: DeletionRequest<Item>): DeletionPlan<Item> {
  const left: string[] = []
  const remaining = request.items.filter((item) => {
    if (item.uid === request.self.uid) return false
    const why = reasonToKeep(item, request)
    if (why !== undefined) left.push(`${describeKey(item.key)} (${why})`)
    return why === undefined
  })
  const unconfirmed = remaining
    .filter((item) => !request.confirmed && deletingOption(item.object, 'Delete', request.syncOptions) === 'confirm')
    .map(({ key }) => describeKey(key))
  const top = Math.max(...remaining.map(({ object }) => waveOf(object)))
  const now = remaining.filter(({ object }) => waveOf(object) === top && !object.metadata.deletionTimestamp)
  return { now: unconfirmed.length > 0 ? [] : now, remaining, unconfirmed, left }
}

function reasonToKeep(
  { key, object }: Deletable,
  { syncOptions, permission }: Pick<DeletionRequest<Deletable>, 'syncOptions' | 'permission'>,
): string | undefined {
  if (key.kind === 'CustomResourceDefinition' && key.group === 'apiextensions.k8s.io') {
    return 'deleting a definition would delete all objects of its kind'
  }
  if (deletingOption(object, 'Delete', syncOptions) === 'false') return 'Delete=false'
  const policies = listAnnotation(object.metadata.annotations?.[annotation.helmResourcePolicy])
  return policies.includes('keep') ? `${annotation.helmResourcePolicy}: keep` : permission(key)
}

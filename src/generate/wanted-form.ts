/** An application as its set wants it, over what is there: what people and controllers may add stays. Pure. */
import {
  type Application,
  type ApplicationSet,
  annotation,
  finalizer,
  mergePatch,
  type OwnerReference,
} from '../model/index.ts'

/** The part of an application that is its set's to write. */
export interface Form {
  metadata: {
    labels: Record<string, string> | undefined
    annotations: Record<string, string> | undefined
    finalizers: string[] | undefined
    ownerReferences: OwnerReference[] | undefined
  }
  spec: Application['spec']
  operation?: Application['operation']
}

export interface Preserved {
  annotations: string[]
  labels: string[]
}

/** Written by controllers while the application lives. */
const alwaysPreserved = [
  annotation.notified,
  annotation.notificationsUnderWay,
  annotation.refresh,
  annotation.refreshTimestamp,
  annotation.hydrate,
  annotation.hydrateTimestamp,
  annotation.deletionApproved,
  annotation.pin,
  annotation.holder,
  annotation.imageUpdates,
  annotation.imagePushed,
]
const preservedFinalizers = [finalizer.preDelete, finalizer.postDelete]

export function formOf({ metadata, spec }: Application): Form {
  const { labels, annotations, finalizers, ownerReferences } = metadata
  return {
    metadata: {
      labels: orNothing(labels),
      annotations: orNothing(annotations),
      finalizers: finalizers?.length ? finalizers : undefined,
      ownerReferences: ownerReferences?.length ? ownerReferences : undefined,
    },
    spec,
  }
}

/** `live` is absent for one that is to be made. */
export function wantedForm(
  generated: Application,
  live: Application | undefined,
  { set, preserved }: { set: ApplicationSet; preserved: Preserved },
): Form {
  const own = set.spec.preservedFields
  const there = live?.metadata
  const kept = (texts: Record<string, string> | undefined, keys: string[]) =>
    Object.fromEntries(Object.entries(texts ?? {}).filter(([key]) => keys.includes(key)))
  const labels = [...preserved.labels, ...(own?.labels ?? [])]
  const annotations = [...alwaysPreserved, ...preserved.annotations, ...(own?.annotations ?? [])]
  const ofHooks = (there?.finalizers ?? []).filter((one) =>
    preservedFinalizers.some((prefix) => one.startsWith(prefix)),
  )
  return formOf({
    ...generated,
    metadata: {
      ...generated.metadata,
      labels: { ...generated.metadata.labels, ...kept(there?.labels, labels) },
      annotations: { ...generated.metadata.annotations, ...kept(there?.annotations, annotations) },
      finalizers: [...new Set([...(generated.metadata.finalizers ?? []), ...ofHooks])],
      ownerReferences: ownedBy(set, there?.ownerReferences ?? []),
    },
  })
}

/** The patch that makes the form of what is there the wanted one; undefined when it is. */
export function formPatch(live: Application, wanted: Form): object | undefined {
  const patch = mergePatch({ ...formOf(live) }, { ...wanted }) as { metadata?: object } | undefined
  if (!patch) return undefined
  const lists = patch.metadata && ('finalizers' in patch.metadata || 'ownerReferences' in patch.metadata)
  // Lists are written whole: nobody else may have changed them meanwhile.
  if (lists) patch.metadata = { ...patch.metadata, resourceVersion: live.metadata.resourceVersion }
  return patch
}

function ownedBy({ apiVersion, kind, metadata }: ApplicationSet, others: OwnerReference[]): OwnerReference[] {
  const { name, uid = '' } = metadata
  const own = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }
  return [...others.filter((other) => !(other.kind === kind && other.name === name)), own]
}

/** The name of the ApplicationSet that has made the application. */
export function ownerOf({ metadata }: Application): string | undefined {
  return metadata.ownerReferences?.find(
    ({ kind, controller, apiVersion }) =>
      kind === 'ApplicationSet' && controller && apiVersion.startsWith('argoproj.io/'),
  )?.name
}

function orNothing(texts: Record<string, string> | undefined): Record<string, string> | undefined {
  return texts && Object.keys(texts).length > 0 ? texts : undefined
}

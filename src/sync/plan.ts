/** Decides, without doing anything, what a sync will do and in which order. */
import {
  clientSideManagers,
  clientSideManagersWith,
  type DeletionPhase,
  type KubeObject,
  keyOf,
  keyText,
  type Manifest,
  type ResourceKey,
  type SyncOperation,
  type SyncPhase,
  track,
  trackingApplication,
} from '../model/index.ts'
import { targetOf } from './apply.ts'
import { deletePolicies, deletionPhases, isHook, namedHook, syncRole, waveOf } from './hooks.ts'
import { managedNamespace, type NamespaceMetadata } from './managed-namespace.ts'
import { type ApplicationSyncOptions, applicationSyncOptions, objectSyncOptions, type Permission } from './options.ts'
import { bringDependenciesForward, placePrunes, wavesOf } from './placement.ts'
import { isSelected } from './selection.ts'
import type { ApplyStep, HookStep, PruneStep, SyncPlan, WriteMethod } from './step.ts'

export interface SyncRequest {
  /** As `instanceName()` gives it. */
  instanceName: string
  /** The application that tracks an object; by the tracking annotation unless told otherwise. */
  instanceOf?: (object: KubeObject) => string | undefined
  /** The object with the marks of tracking; with the annotation unless told otherwise. */
  mark?: (object: KubeObject) => KubeObject
  /** Everything that Git declares, hooks too: normalised, and with its namespace where it is namespaced. */
  manifests: Manifest[]
  /** The live objects that this application tracks, and those that a manifest names, whoever tracks them. */
  live: KubeObject[]
  operation: SyncOperation
  /** The application's options in force, `Name=value`. */
  syncOptions?: string[]
  destinationNamespace?: string
  managedNamespaceMetadata?: NamespaceMetadata
  revision: string
  /** Of the operation, RFC 3339; unchanged when it is resumed. */
  startedAt: string
  /** Without it everything counts as out of sync. */
  isOutOfSync?: (key: ResourceKey) => boolean
  /** Somebody has confirmed the deletion of what asks for confirmation. */
  pruneConfirmed?: boolean
  /** Whose client-side applied fields are taken over in the place of kubectl's. */
  migrationManager?: string
}

export function planSync(request: SyncRequest): SyncPlan {
  const options = applicationSyncOptions(request.syncOptions ?? [])
  const all = bringDependenciesForward([...hookSteps(request, options), ...applySteps(request, options)])
  const writes = all.filter(({ phase }) => phase !== 'SyncFail')
  const prunes = placePrunes(pruneSteps(request, options), writes)
  const waves = wavesOf(writes, prunes)
  const namespace = namespaceStep(request, options)
  return {
    ...(namespace && { namespace }),
    waves,
    onFailure: wavesOf(
      all.filter(({ phase }) => phase === 'SyncFail'),
      [],
    ),
    gated: waves.length > 1,
    preflight: options.preflight,
    mode: modeOf(request.operation),
  }
}

function modeOf({ dryRun, preflightOnly }: SyncOperation): SyncPlan['mode'] {
  if (preflightOnly) return 'preflight'
  return dryRun ? 'dry-run' : 'sync'
}

function applySteps(request: SyncRequest, options: ApplicationSyncOptions): ApplyStep[] {
  const { operation, isOutOfSync } = request
  const skipInSync = options.applyOutOfSyncOnly && isOutOfSync
  return request.manifests
    .map(({ object }) => object)
    .filter((object) => syncRole(object).kind === 'resource')
    .filter((object) => isSelected(keyOf(object), operation.resources))
    .filter((object) => !skipInSync || isOutOfSync(keyOf(object)))
    .map((object) => ({
      verb: 'apply',
      target: targetOf(object),
      phase: 'Sync',
      wave: waveOf(object),
      object: marked(object, request),
      ...methodOf(object, request, options),
      inSync: isOutOfSync?.(keyOf(object)) === false,
    }))
}

function marked(object: KubeObject, { mark, instanceName }: SyncRequest): KubeObject {
  return mark ? mark(object) : track(object, instanceName)
}

/** Hooks belong to a sync of everything that was not asked to only apply. */
function hookSteps(request: SyncRequest, options: ApplicationSyncOptions): HookStep[] {
  const { operation } = request
  if (operation.resources?.length || operation.syncStrategy?.apply) return []
  return request.manifests.flatMap(({ object }) => {
    const role = syncRole(object)
    if (role.kind !== 'hook') return []
    return role.phases.map((phase) => hookStep(object, phase, { request, options }))
  })
}

function hookStep(
  object: KubeObject,
  phase: SyncPhase,
  { request, options }: { request: SyncRequest; options: ApplicationSyncOptions },
): HookStep {
  const { revision, startedAt } = request
  const hook = namedHook(object, { revision, phase, startedAt })
  return {
    verb: 'hook',
    target: targetOf(hook),
    phase,
    wave: waveOf(hook),
    object: marked(hook, request),
    ...methodOf(hook, request, options),
    deletePolicies: deletePolicies(hook),
  }
}

/** The hooks of one phase of the application's deletion, which begins at `startedAt`. */
export function planDeletionHooks(request: SyncRequest, phase: DeletionPhase): SyncPlan {
  const options = applicationSyncOptions(request.syncOptions ?? [])
  const steps = request.manifests
    .filter(({ object }) => deletionPhases(object).includes(phase))
    .map(({ object }) => hookStep(object, phase, { request, options }))
  return { waves: wavesOf(steps, []), onFailure: [], gated: true, preflight: false, mode: 'sync' }
}

function methodOf(
  object: KubeObject,
  request: SyncRequest,
  options: ApplicationSyncOptions,
): { method: WriteMethod; mayComeLater: boolean } {
  const { replace, force, validate, migrate, skipDryRunOnMissingResource } = objectSyncOptions(object, options)
  const { syncStrategy } = request.operation
  const forced = syncStrategy?.apply?.force ?? syncStrategy?.hook?.force ?? false
  const managers = migrate ? managersOf(request) : []
  return {
    method: { replace, force: force || forced, validate, migrate: managers },
    mayComeLater: skipDryRunOnMissingResource,
  }
}

function managersOf({ migrationManager }: SyncRequest): readonly string[] {
  return migrationManager ? clientSideManagersWith(migrationManager) : clientSideManagers
}

/** What this application tracks and Git no longer declares, in whatever form. */
function pruneSteps(request: SyncRequest, options: ApplicationSyncOptions): (PruneStep & { last: boolean })[] {
  const declared = new Set(request.manifests.map(({ object }) => keyText(keyOf(object))))
  // One object may be served under two groups; then its other name is still the declared object.
  const declaredUids = new Set(
    request.live.filter((object) => declared.has(keyText(keyOf(object)))).map(({ metadata }) => metadata.uid),
  )
  const live = new Map(request.live.map((object) => [keyText(keyOf(object)), object]))
  return [...live.values()]
    .filter((object) => isPrunable(object, request))
    .filter((object) => !declared.has(keyText(keyOf(object))) && !declaredUids.has(object.metadata.uid))
    .filter((object) => isSelected(keyOf(object), request.operation.resources))
    .map((object) => pruneStep(object, request, options))
}

/** Not a hook, which lives by its own policy; not what a controller made; and really this application's. */
function isPrunable(object: KubeObject, { instanceName, instanceOf = trackingApplication }: SyncRequest): boolean {
  const isOwned = object.metadata.ownerReferences?.some(({ controller }) => controller) ?? false
  return instanceOf(object) === instanceName && !isHook(object) && !isOwned
}

function pruneStep(object: KubeObject, request: SyncRequest, options: ApplicationSyncOptions) {
  const { prune, pruneLast } = objectSyncOptions(object, options)
  const kept = reasonToKeep(prune, request)
  return {
    verb: 'prune' as const,
    target: targetOf(object),
    phase: 'Sync' as const,
    wave: waveOf(object),
    uid: object.metadata.uid,
    propagationPolicy: options.propagationPolicy,
    last: pruneLast,
    ...(kept && { kept }),
  }
}

function reasonToKeep(permission: Permission, { operation, pruneConfirmed }: SyncRequest): string | undefined {
  if (permission === 'no') return 'ignored (no prune)'
  if (!operation.prune) return 'ignored (requires pruning)'
  if (permission === 'confirm' && !pruneConfirmed) return 'ignored (its pruning has to be confirmed first)'
  return undefined
}

/** A Namespace that Git declares is applied as declared, and this one is not. */
function namespaceStep(request: SyncRequest, options: ApplicationSyncOptions): ApplyStep | undefined {
  const { destinationNamespace: name, manifests, live } = request
  if (!options.createNamespace || !name) return undefined
  const isIt = (object: KubeObject) =>
    object.apiVersion === 'v1' && object.kind === 'Namespace' && object.metadata.name === name
  if (manifests.some(({ object }) => isIt(object))) return undefined
  const object = managedNamespace(name, live.find(isIt), request.managedNamespaceMetadata)
  if (!object) return undefined
  const migrate = options.migrate ? managersOf(request) : []
  const method = { replace: false, force: false, validate: options.validate, migrate }
  const place = { phase: 'PreSync' as const, wave: 0, mayComeLater: false, inSync: false }
  return { verb: 'apply', target: targetOf(object), object, method, ...place }
}

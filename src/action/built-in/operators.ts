/** Kinds of operators: Flux, External Secrets, KEDA, CloudNativePG, Strimzi, Percona. */
import type { KubeObject } from '../../model/index.ts'
import { ActionError } from '../action.ts'
import {
  type ActionDefinition,
  type ActionTable,
  actionsFor,
  annotate,
  countOf,
  edit,
  listAt,
  mapAt,
  set,
  timestamp,
  valueAt,
} from './definition.ts'
import { suspend, unsuspend } from './workloads.ts'

const annotation = (object: KubeObject, name: string) => object.metadata.annotations?.[name]
const isSuspended = (object: KubeObject) => valueAt(object, 'spec', 'suspend') === true

const fluxSuspend: ActionDefinition = { name: 'suspend', isDisabled: isSuspended, run: suspend.run }
const fluxResume: ActionDefinition = {
  name: 'resume',
  isDisabled: (object) => !isSuspended(object),
  run: unsuspend.run,
}
const fluxReconcile: ActionDefinition = {
  name: 'reconcile',
  isDisabled: isSuspended,
  run: annotate('reconcile.fluxcd.io/requestedAt', ({ now }) => `By Tiphys at: ${timestamp(now).slice(0, -1)}`),
}

/** An interval of nothing means never again, unless the policy looks at changes. */
function refreshesNever(object: KubeObject): boolean {
  const interval = String(valueAt(object, 'spec', 'refreshInterval') ?? '')
  return /^0(ns|us|µs|ms|s|m|h)?$/.test(interval) && valueAt(object, 'spec', 'refreshPolicy') !== 'OnChange'
}

const forceSync = (name: string): ActionDefinition => ({
  name,
  isDisabled: refreshesNever,
  run: annotate('force-sync', ({ now }) => timestamp(now)),
})

const paused = 'autoscaling.keda.sh/paused'
const pausedReplicas = 'autoscaling.keda.sh/paused-replicas'
const isPaused = (object: KubeObject) => annotation(object, paused) === 'true'
const isHeld = (object: KubeObject) => isPaused(object) || annotation(object, pausedReplicas) !== undefined

const kedaPause: ActionDefinition = {
  name: 'pause',
  iconClass: 'fa fa-fw fa-pause-circle',
  isDisabled: isHeld,
  run: annotate(paused, () => 'true'),
}

const kedaPauseAt: ActionDefinition = {
  name: 'paused-replicas',
  iconClass: 'fa fa-fw fa-pause-circle',
  isDisabled: isPaused,
  params: (object) => [{ name: 'replicas', default: annotation(object, pausedReplicas) ?? '0' }],
  run: annotate(pausedReplicas, (context) => String(countOf(context, 'replicas'))),
}

const kedaResume: ActionDefinition = {
  name: 'resume',
  iconClass: 'fa fa-fw fa-play-circle',
  isDisabled: (object) => !isHeld(object),
  run: (object) =>
    edit(object, (draft) => {
      if (!draft.metadata.annotations) return
      delete draft.metadata.annotations[paused]
      delete draft.metadata.annotations[pausedReplicas]
    }),
}

const reconciliation = 'cnpg.io/reconciliationLoop'
const isStopped = (object: KubeObject) => annotation(object, reconciliation) === 'disabled'
const healthyInstances = (object: KubeObject) => listAt(object, 'status', 'instancesStatus', 'healthy') as string[]

/** By name or by number; `any` is the one after the primary. */
function instanceFor(cluster: KubeObject, wanted: string): string {
  const healthy = healthyInstances(cluster)
  if (wanted === 'any') {
    const primary = healthy.indexOf(String(valueAt(cluster, 'status', 'currentPrimary')))
    const next = healthy[(primary + 1) % healthy.length]
    if (next !== undefined) return next
  }
  const name = /^\d+$/.test(wanted) ? `${cluster.metadata.name}-${wanted}` : wanted
  if (healthy.includes(name)) return name
  throw new ActionError(
    `Could not find a healthy instance matching the criteria: ${wanted}; healthy are ${healthy.join(', ') || 'none'}`,
  )
}

const cluster: ActionDefinition[] = [
  {
    name: 'restart',
    displayName: 'Rollout restart Cluster',
    iconClass: 'fa fa-fw fa-recycle',
    run: annotate('kubectl.kubernetes.io/restartedAt', ({ now }) => timestamp(now)),
  },
  {
    name: 'reload',
    displayName: 'Reload all Configuration',
    iconClass: 'fa fa-fw fa-rotate-right',
    run: annotate('cnpg.io/reloadedAt', ({ now }) => timestamp(now)),
  },
  {
    name: 'promote',
    displayName: 'Promote Replica to Primary',
    iconClass: 'fa fa-fw fa-angles-up',
    params: () => [{ name: 'instance', default: 'any' }],
    isDisabled: (object) => healthyInstances(object).length < 2,
    run: (object, { now, parameters }) =>
      edit(object, (draft) => {
        const instance = instanceFor(object, parameters.instance ?? 'any')
        Object.assign(mapAt(draft, 'status'), {
          targetPrimary: instance,
          targetPrimaryTimestamp: timestamp(now),
          phase: 'Switchover in progress',
          phaseReason: `Switching over to ${instance}`,
        })
      }),
  },
  {
    name: 'suspend',
    displayName: 'Suspend Reconciliation',
    iconClass: 'fa fa-fw fa-pause',
    isOffered: (object) => !isStopped(object),
    run: annotate(reconciliation, () => 'disabled'),
  },
  {
    name: 'resume',
    displayName: 'Resume Reconciliation',
    iconClass: 'fa fa-fw fa-play',
    isOffered: isStopped,
    run: annotate(reconciliation, () => undefined),
  },
]

const rollingUpdate = 'strimzi.io/manual-rolling-update'
const hasPause = (object: KubeObject) => valueAt(object, 'spec', 'pause') === true

const fluxKinds = [
  'helm.toolkit.fluxcd.io/HelmRelease',
  'kustomize.toolkit.fluxcd.io/Kustomization',
  ...['GitRepository', 'OCIRepository', 'HelmRepository', 'HelmChart', 'Bucket'].map(
    (kind) => `source.toolkit.fluxcd.io/${kind}`,
  ),
  'image.toolkit.fluxcd.io/ImageRepository',
  'image.toolkit.fluxcd.io/ImageUpdateAutomation',
  'notification.toolkit.fluxcd.io/Receiver',
].join(' ')

export const operators: ActionTable = {
  ...actionsFor(fluxKinds, fluxReconcile, fluxSuspend, fluxResume),
  ...actionsFor(
    'notification.toolkit.fluxcd.io/Alert notification.toolkit.fluxcd.io/Provider',
    fluxSuspend,
    fluxResume,
  ),
  'external-secrets.io/ExternalSecret': [forceSync('refresh')],
  'external-secrets.io/PushSecret': [forceSync('push')],
  'keda.sh/ScaledObject': [kedaPause, kedaPauseAt, kedaResume],
  'keda.sh/ScaledJob': [
    { ...kedaPause, isDisabled: isPaused },
    { ...kedaResume, isDisabled: (object) => !isPaused(object) },
  ],
  'postgresql.cnpg.io/Cluster': cluster,
  'core.strimzi.io/StrimziPodSet': [
    {
      name: 'rolling-update',
      isDisabled: (object) => annotation(object, rollingUpdate) === 'true',
      run: annotate(rollingUpdate, () => 'true'),
    },
  ],
  'psmdb.percona.com/PerconaServerMongoDB': [
    { name: 'pause', iconClass: 'fa fa-fw fa-pause-circle', isDisabled: hasPause, run: set(true, 'spec', 'pause') },
    {
      name: 'unpause',
      iconClass: 'fa fa-fw fa-play-circle',
      isDisabled: (object) => !hasPause(object),
      run: set(false, 'spec', 'pause'),
    },
  ],
}

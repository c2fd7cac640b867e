/** Deployment, StatefulSet, DaemonSet, CronJob and Job. */
import type { KubeObject } from '../../model/index.ts'
import {
  type ActionDefinition,
  type ActionTable,
  actionsFor,
  countOf,
  edit,
  listAt,
  mapAt,
  set,
  timestamp,
  valueAt,
} from './definition.ts'

export const restart: ActionDefinition = {
  name: 'restart',
  iconClass: 'fa fa-fw fa-redo',
  run: (object, { now }) =>
    edit(object, (draft) => {
      const annotations = mapAt(draft, 'spec', 'template', 'metadata', 'annotations')
      annotations['kubectl.kubernetes.io/restartedAt'] = timestamp(now)
    }),
}

const scale: ActionDefinition = {
  name: 'scale',
  iconClass: 'fa fa-fw fa-plus-circle',
  params: () => [{ name: 'replicas' }],
  run: (object, context) => set(countOf(context, 'replicas'), 'spec', 'replicas')(object, context),
}

const isPaused = (object: KubeObject) => valueAt(object, 'spec', 'paused') === true
const isSuspended = (object: KubeObject) => valueAt(object, 'spec', 'suspend') === true

const pause: ActionDefinition = {
  name: 'pause',
  iconClass: 'fa fa-fw fa-pause-circle',
  isDisabled: isPaused,
  run: set(true, 'spec', 'paused'),
}

const resume: ActionDefinition = {
  name: 'resume',
  iconClass: 'fa fa-fw fa-play-circle',
  isDisabled: (object) => !isPaused(object),
  run: (object) => edit(object, (draft) => void delete mapAt(draft, 'spec').paused),
}

const createJob: ActionDefinition = {
  name: 'create-job',
  displayName: 'Create Job',
  iconClass: 'fa fa-fw fa-plus',
  run: (cronJob, { now }) => [{ operation: 'create', resource: jobOf(cronJob, now) }],
}

function jobOf(cronJob: KubeObject, now: Date): KubeObject {
  const { name, namespace, uid = '' } = cronJob.metadata
  const template = structuredClone(valueAt(cronJob, 'spec', 'jobTemplate') ?? {}) as Partial<KubeObject>
  const minute = timestamp(now).replace(/\D/g, '').slice(2, 12)
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...template.metadata,
      name: `${name}-${minute}`,
      ...(namespace && { namespace }),
      annotations: { ...template.metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [
        { apiVersion: cronJob.apiVersion, kind: cronJob.kind, name, uid, blockOwnerDeletion: true, controller: true },
      ],
    },
    spec: template.spec,
  }
}

export const suspend: ActionDefinition = {
  name: 'suspend',
  iconClass: 'fa fa-fw fa-pause',
  isOffered: (object) => !isSuspended(object),
  run: set(true, 'spec', 'suspend'),
}

export const unsuspend: ActionDefinition = {
  name: 'resume',
  iconClass: 'fa fa-fw fa-play',
  isOffered: isSuspended,
  run: (object, context) => (isSuspended(object) ? set(false, 'spec', 'suspend')(object, context) : object),
}

interface JobCondition {
  type?: string
  status?: string
}

/** What has ended, or is on its way there. */
function isOver(job: KubeObject): boolean {
  const final = ['Complete', 'Failed', 'FailureTarget', 'SuccessCriteriaMet']
  return (listAt(job, 'status', 'conditions') as JobCondition[]).some(
    ({ type = '', status }) => status === 'True' && final.includes(type),
  )
}

const terminate: ActionDefinition = {
  name: 'terminate',
  iconClass: 'fa fa-fw fa-stop',
  isOffered: (job) => !isOver(job) && job.status !== undefined,
  run: (job, { now }) => {
    if (isOver(job) || job.status === undefined) return job
    const condition = {
      lastTransitionTime: timestamp(now),
      message: 'Job was terminated explicitly through Tiphys',
      reason: 'ManuallyTerminated',
      status: 'True',
      type: 'FailureTarget',
    }
    return edit(job, (draft) => {
      mapAt(draft, 'status').conditions = [...listAt(draft, 'status', 'conditions'), condition]
    })
  },
}

const whileOpen = (action: ActionDefinition): ActionDefinition => ({
  ...action,
  isOffered: (job) => !isOver(job) && (action.isOffered?.(job) ?? true),
})

export const workloads: ActionTable = {
  'apps/Deployment': [restart, pause, resume, scale],
  'apps/StatefulSet': [restart, scale],
  'apps/DaemonSet': [restart],
  'batch/CronJob': [createJob, suspend, unsuspend],
  'batch/Job': [whileOpen(unsuspend), whileOpen(suspend), terminate],
  ...actionsFor(
    'k8s.mariadb.com/MariaDB',
    { ...suspend, displayName: 'Suspend' },
    { ...unsuspend, displayName: 'Resume' },
  ),
}

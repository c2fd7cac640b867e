/** Argo's own kinds: Rollout, AnalysisRun, workflows, Application, PullRequest of the Promoter. */
import type { KubeObject, OwnerReference } from '../../model/index.ts'
import {
  type ActionDefinition,
  type ActionTable,
  edit,
  listAt,
  mapAt,
  put,
  set,
  timestamp,
  valueAt,
} from './definition.ts'

const isPromoted = (rollout: KubeObject) =>
  valueAt(rollout, 'status', 'currentPodHash') === valueAt(rollout, 'status', 'stableRS')
const isAborted = (rollout: KubeObject) => valueAt(rollout, 'status', 'abort') === true
const stepsOf = (rollout: KubeObject) => listAt(rollout, 'spec', 'strategy', 'canary', 'steps')

function isPaused(rollout: KubeObject): boolean {
  const conditions = valueAt(rollout, 'status', 'pauseConditions')
  if (conditions !== undefined) return Array.isArray(conditions) && conditions.length > 0
  return valueAt(rollout, 'spec', 'paused') === true
}

/** Controllers before 1.0 wrote a hash, and know no promoteFull. */
function isOld(rollout: KubeObject): boolean {
  const generation = Number(valueAt(rollout, 'status', 'observedGeneration'))
  return Number.isNaN(generation) || generation > (rollout.metadata.generation ?? 0)
}

function promoteFully(draft: KubeObject): void {
  const status = mapAt(draft, 'status')
  if (!isOld(draft)) {
    status.promoteFull = true
    return
  }
  delete status.abort
  if (valueAt(draft, 'spec', 'strategy', 'canary', 'steps') !== undefined)
    status.currentStepIndex = stepsOf(draft).length
}

function skipStep(draft: KubeObject): void {
  const status = mapAt(draft, 'status')
  const step = status.currentStepIndex
  if (typeof step !== 'number' || step >= stepsOf(draft).length) return
  if (listAt(draft, 'status', 'pauseConditions').length > 0) delete status.pauseConditions
  status.currentStepIndex = step + 1
}

const rollout: ActionDefinition[] = [
  {
    name: 'restart',
    displayName: 'Restart Pods',
    run: (object, { now }) => edit(object, (draft) => put(draft, timestamp(now), 'spec', 'restartAt')),
  },
  {
    name: 'resume',
    isDisabled: (object) => !isPaused(object),
    run: (object) =>
      edit(object, (draft) => {
        if (listAt(draft, 'status', 'pauseConditions').length > 0) delete mapAt(draft, 'status').pauseConditions
        if (valueAt(draft, 'spec', 'paused') === true) mapAt(draft, 'spec').paused = false
      }),
  },
  {
    name: 'abort',
    isDisabled: (object) => isPromoted(object) || isAborted(object),
    run: set(true, 'status', 'abort'),
  },
  {
    name: 'retry',
    isDisabled: (object) => isPromoted(object) || !isAborted(object),
    run: (object) => edit(object, (draft) => void delete mapAt(draft, 'status').abort),
  },
  {
    name: 'pause',
    isDisabled: (object) => isPromoted(object) || isAborted(object) || valueAt(object, 'spec', 'paused') === true,
    run: set(true, 'spec', 'paused'),
  },
  {
    name: 'promote-full',
    isDisabled(object) {
      if (object.status === undefined || isPromoted(object)) return true
      return isOld(object) && valueAt(object, 'spec', 'strategy', 'blueGreen') !== undefined
    },
    run: (object) => (object.status === undefined ? object : edit(object, promoteFully)),
  },
  {
    name: 'skip-current-step',
    isDisabled: (object) => {
      const steps = valueAt(object, 'spec', 'strategy', 'canary', 'steps')
      return steps === undefined || valueAt(object, 'status', 'currentStepIndex') === stepsOf(object).length
    },
    run: (object) => (object.status === undefined ? object : edit(object, skipStep)),
  },
]

const analysisRun: ActionDefinition = {
  name: 'terminate',
  isDisabled(object) {
    const ended = ['Successful', 'Failed', 'Error', 'Inconclusive']
    return valueAt(object, 'spec', 'terminate') === true || ended.includes(String(valueAt(object, 'status', 'phase')))
  },
  run: set(true, 'spec', 'terminate'),
}

function hasAutoSync(application: KubeObject): boolean {
  const automated = valueAt(application, 'spec', 'syncPolicy', 'automated')
  return automated !== undefined && automated !== null && valueAt(automated, 'enabled') !== false
}

const toggleAutoSync: ActionDefinition = {
  name: 'toggle-auto-sync',
  displayName: (object) => (hasAutoSync(object) ? 'Disable Auto-Sync' : 'Enable Auto-Sync'),
  run: (object, context) => set(!hasAutoSync(object), 'spec', 'syncPolicy', 'automated', 'enabled')(object, context),
}

function ownerOf({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '' }
}

function workflowOf(owner: KubeObject, now: Date, { metadata, spec }: { metadata: object; spec: unknown }): KubeObject {
  const { name, namespace } = owner.metadata
  const minute = timestamp(now).replace(/\D/g, '').slice(0, 12)
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      ...metadata,
      name: `${name}-${minute}`,
      ...(namespace && { namespace }),
      ownerReferences: [ownerOf(owner)],
    },
    spec,
  }
}

const instance = 'workflows.argoproj.io/controller-instanceid'

function workflowOfSchedule(schedule: KubeObject, now: Date): KubeObject {
  const given = (valueAt(schedule, 'spec', 'workflowMetadata') ?? {}) as Partial<KubeObject['metadata']>
  const id = schedule.metadata.labels?.[instance]
  const metadata = {
    labels: {
      ...given.labels,
      'workflows.argoproj.io/cron-workflow': schedule.metadata.name,
      ...(id !== undefined && { [instance]: id }),
    },
    annotations: { ...given.annotations, 'workflows.argoproj.io/scheduled-time': timestamp(now) },
    ...(given.finalizers && { finalizers: given.finalizers }),
  }
  return workflowOf(schedule, now, { metadata, spec: structuredClone(valueAt(schedule, 'spec', 'workflowSpec')) })
}

function workflowOfTemplate(template: KubeObject, now: Date): KubeObject {
  const { name } = template.metadata
  const metadata = { labels: { 'workflows.argoproj.io/workflow-template': name } }
  return workflowOf(template, now, { metadata, spec: { workflowTemplateRef: { name } } })
}

const createWorkflow = (make: (object: KubeObject, now: Date) => KubeObject): ActionDefinition => ({
  name: 'create-workflow',
  displayName: 'Create Workflow',
  iconClass: 'fa fa-fw fa-plus',
  run: (object, { now }) => [{ operation: 'create', resource: make(object, now) }],
})

export const argo: ActionTable = {
  'argoproj.io/Rollout': rollout,
  'argoproj.io/AnalysisRun': [analysisRun],
  'argoproj.io/Application': [toggleAutoSync],
  'argoproj.io/CronWorkflow': [createWorkflow(workflowOfSchedule)],
  'argoproj.io/WorkflowTemplate': [createWorkflow(workflowOfTemplate)],
  'promoter.argoproj.io/PullRequest': [
    {
      name: 'merge',
      displayName: 'Merge PR',
      iconClass: 'fa fa-fw fa-code-merge',
      isDisabled: (object) => valueAt(object, 'spec', 'state') !== 'open',
      run: set('merged', 'spec', 'state'),
    },
  ],
}

/** Argo's own projects: Rollouts, Workflows, Events, ApplicationSets, GitOps Promoter, Numaflow. */
import { fieldsAt, listAt, numberAt, textAt } from '../status-fields.ts'
import { environments, promotes } from './argo-promoter.ts'
import { rolloutHealth } from './argo-rollout.ts'
import {
  absent,
  always,
  anyNo,
  at,
  degraded,
  either,
  healthy,
  inTurn,
  kinds,
  no,
  not,
  outdated,
  present,
  progressing,
  type Rule,
  type RuleTable,
  rule,
  saying,
  type Test,
  told,
  unknown,
  words,
  yes,
} from './rule.ts'

const run = words('status.phase', {
  Healthy: ['Successful'],
  Degraded: ['Failed', 'Error'],
  Unknown: ['Inconclusive'],
})

const deployed = rule(degraded(no('Deployed')), healthy(yes('Deployed')))

const labelledFailed: Test = ({ metadata }) =>
  metadata.labels?.['numaplane.numaproj.io/progressive-result-state'] === 'failed'
    ? 'the progressive upgrade failed'
    : undefined

/** The status is of this very spec; Numaflow waits until it says so. */
const current: Test = ({ metadata, status }) =>
  numberAt(status, 'observedGeneration') === (metadata.generation ?? 0) ? '' : undefined

function numaflow(...healthyPhases: string[]): Rule {
  return rule(
    progressing(told(not(current), saying('the controller has not yet acted on the latest change'))),
    degraded(at('status.phase', 'Failed')),
    degraded(labelledFailed),
    degraded(anyNo),
    healthy(at('status.phase', ...healthyPhases)),
  )
}

function numaplane(failed: Test, paused: Test): Rule {
  const failedUpgrade = no('ProgressiveUpgradeSucceeded')
  return inTurn(
    progressing(either(outdated, absent('status'), not(current))),
    progressing(either(present('status.upgradeInProgress'), at('status.phase', 'Pending')), not(failedUpgrade)),
    progressing(no('ChildResourcesHealthy', 'Progressing')),
    degraded(at('status.phase', 'Failed')),
    degraded(failed),
    degraded(failedUpgrade),
    healthy(paused),
    healthy(yes('ChildResourcesHealthy')),
    unknown(saying('the state of its children is not known')),
  )
}

const never: Test = () => undefined

export const argo: RuleTable = {
  'argoproj.io/Rollout': rolloutHealth,
  'argoproj.io/AnalysisRun': run,
  'argoproj.io/Experiment': run,
  'argoproj.io/ApplicationSet': rule(
    degraded(yes('ErrorOccurred')),
    degraded(no('ResourcesUpToDate')),
    progressing(yes('RolloutProgressing')),
    healthy(yes('ResourcesUpToDate')),
  ),
  'argoproj.io/CronWorkflow': inTurn(degraded(yes('SpecError')), degraded(yes('SubmissionError')), healthy(always)),
  'argoproj.io/EventBus': deployed,
  'argoproj.io/EventSource': deployed,
  'argoproj.io/Sensor': deployed,
  ...kinds('promoter.argoproj.io', 'ScmProvider ClusterScmProvider GitRepository', promotes({ unsureWaits: true })),
  ...kinds(
    'promoter.argoproj.io',
    'GitCommitStatus TimedCommitStatus WebRequestCommitStatus',
    promotes({ unsureWaits: true, whenReady: environments }),
  ),
  'promoter.argoproj.io/CommitStatus': promotes({}),
  'promoter.argoproj.io/PullRequest': promotes({ ready: ['Ready', 'Reconciled'] }),
  'promoter.argoproj.io/ArgoCDCommitStatus': promotes({
    whenReady: (object) =>
      listAt(object, 'status', 'applicationsSelected').length > 0
        ? { status: 'Healthy' }
        : { status: 'Degraded', message: 'it selects no application' },
  }),
  'promoter.argoproj.io/ChangeTransferPolicy': promotes({
    whenReady: (object) => promoted([fieldsAt(object, 'status')]),
  }),
  'promoter.argoproj.io/PromotionStrategy': promotes({
    whenReady: (object) => promoted(listAt(object, 'status', 'environments')),
  }),
  ...kinds('numaflow.numaproj.io', 'InterStepBufferService', numaflow('Running')),
  ...kinds('numaflow.numaproj.io', 'MonoVertex Vertex', numaflow('Running', 'Paused')),
  'numaflow.numaproj.io/Pipeline': numaflow('Running', 'Paused', 'Pausing'),
  'numaplane.numaproj.io/PipelineRollout': numaplane(
    no('ChildResourcesHealthy', 'PipelineFailed'),
    yes('PipelinePausingOrPaused'),
  ),
  'numaplane.numaproj.io/MonoVertexRollout': numaplane(
    no('ChildResourcesHealthy', 'MonoVertexFailed'),
    yes('MonoVertexPausingOrPaused'),
  ),
  'numaplane.numaproj.io/ISBServiceRollout': numaplane(no('ChildResourcesHealthy', 'ISBSvcFailed'), never),
  'numaplane.numaproj.io/NumaflowControllerRollout': inTurn(
    progressing(either(absent('status'), not(current))),
    progressing(either(present('status.upgradeInProgress'), at('status.phase', 'Pending'))),
    progressing(no('ChildResourcesHealthy', 'Progressing')),
    degraded(at('status.phase', 'Failed')),
    degraded(no('ChildResourcesHealthy')),
    healthy(yes('ChildResourcesHealthy')),
    unknown(saying('the state of its children is not known')),
  ),
}

/** All environments have what is proposed for them, and the same is proposed for all. */
function promoted(all: object[]): { status: 'Healthy' | 'Progressing' | 'Degraded'; message?: string } {
  if (all.length === 0) return { status: 'Degraded', message: 'it has no environments' }
  const active = all.map((environment) => textAt(fieldsAt(environment, 'active', 'dry'), 'sha'))
  const proposed = all.map(
    (environment) =>
      textAt(fieldsAt(environment, 'proposed', 'note'), 'drySha') ||
      textAt(fieldsAt(environment, 'proposed', 'dry'), 'sha'),
  )
  if ([...active, ...proposed].includes('')) return { status: 'Progressing', message: 'a commit is not known yet' }
  if (new Set(proposed).size > 1)
    return { status: 'Progressing', message: 'not all environments have been hydrated yet' }
  const behind = all.findIndex((environment, index) => {
    const sha = textAt(fieldsAt(environment, 'proposed', 'dry'), 'sha')
    return sha !== active[index]
  })
  if (behind < 0) return { status: 'Healthy' }
  const branch = textAt(all[behind], 'branch')
  return {
    status: 'Progressing',
    message: `${proposed[behind]?.slice(0, 7)} is being promoted${branch ? ` to ${branch}` : ''}`,
  }
}

/** Serverless and autoscaling: Knative, KEDA, KServe, OpenFaaS, SpinKube, Camel K. */
import { conditionOf, conditionsOf, fieldsAt, numberAt } from '../status-fields.ts'
import {
  absent,
  anyNo,
  at,
  becomesReady,
  degraded,
  either,
  healthy,
  kinds,
  like,
  no,
  not,
  present,
  progressing,
  type Rule,
  type RuleTable,
  ready,
  rule,
  saying,
  suspended,
  type Test,
  told,
  unsure,
  waiting,
  words,
  yes,
} from './rule.ts'

const anyUnsure: Test = (object) => {
  const found = conditionsOf(object).find(({ status }) => status === 'Unknown')
  return found && `${found.type} is not known yet${found.message ? `: ${found.message}` : ''}`
}

/** Its operator says False while it installs; what is neither done nor at work has failed. */
function knativeOperator(...types: string[]): Rule {
  return rule(
    progressing(told(absent('status.conditions'), waiting)),
    progressing(either(no('Ready'), no('DeploymentsAvailable'), anyUnsure)),
    healthy(...types.map((type) => yes(type))),
    degraded(told(present('status.conditions'), waiting)),
  )
}

const knativeService = rule(
  degraded(anyNo),
  progressing(anyUnsure),
  healthy(yes('ConfigurationsReady'), yes('RoutesReady'), yes('Ready')),
)

const stopped = told(yes('Stopped'), saying('it is stopped'))
const otherNo: Test = (object) => {
  const found = conditionsOf(object).find(({ type, status }) => type !== 'Stopped' && status === 'False')
  return found && `${found.type}: ${[found.reason, found.message].filter(Boolean).join(': ')}`
}
const transition = 'status.modelStatus.transitionStatus'

const inference = rule(
  suspended(stopped),
  progressing(absent('status.modelStatus'), absent('status.conditions')),
  degraded(told(like(transition, /^(?!InProgress$|UpToDate$)./), present(transition))),
  progressing(told(at(transition, 'InProgress'), waiting)),
  progressing(told(either(otherNo, anyUnsure), either(otherNo, anyUnsure))),
  healthy(saying('')),
)

const running: Test = (object) => (numberAt(fieldsAt(object, 'status'), 'replicas') > 0 ? '' : undefined)

const spin: Rule = (object) => {
  const progress = conditionOf(object, 'Progressing')
  const available = conditionOf(object, 'Available')
  if (object.status === undefined) return { status: 'Progressing', message: waiting(object) }
  const failed = progress?.reason === 'ProgressDeadlineExceeded' || /timeout|failed/i.test(progress?.message ?? '')
  if (progress?.status === 'False' && failed) return { status: 'Degraded', message: progress.message }
  if (available?.status !== 'True') return { status: 'Degraded', message: available?.message || 'it is not available' }
  const [up, wanted] = [numberAt(fieldsAt(object, 'status'), 'readyReplicas'), fieldsAt(object, 'spec').replicas ?? 1]
  if (typeof wanted === 'number' && up < wanted)
    return { status: 'Progressing', message: `${up} of ${wanted} replicas are ready` }
  return progress?.status === 'True' ? { status: 'Progressing', message: progress.message } : { status: 'Healthy' }
}

const paused = yes('Paused')

export const serverless: RuleTable = {
  'serving.knative.dev/Service': knativeService,
  ...kinds('serving.knative.dev', 'Configuration Revision Route DomainMapping', ready()),
  ...kinds('eventing.knative.dev', 'Broker Trigger', ready()),
  ...kinds('messaging.knative.dev', 'Channel InMemoryChannel Subscription', ready()),
  ...kinds('flows.knative.dev', 'Sequence Parallel', ready()),
  'sources.knative.dev/*': ready(),
  'operator.knative.dev/KnativeServing': knativeOperator(
    'Ready',
    'InstallSucceeded',
    'DependenciesInstalled',
    'DeploymentsAvailable',
  ),
  'operator.knative.dev/KnativeEventing': knativeOperator('Ready', 'InstallSucceeded'),
  'keda.sh/ScaledObject': rule(
    degraded(either(no('Ready'), yes('Fallback'))),
    suspended(paused, yes('Ready')),
    healthy(yes('Ready')),
  ),
  'keda.sh/ScaledJob': rule(
    degraded(either(no('Ready'), unsure('Ready'))),
    suspended(paused, yes('Ready')),
    healthy(yes('Ready')),
  ),
  'serving.kserve.io/InferenceService': inference,
  ...kinds('serving.kserve.io', 'InferenceGraph LLMInferenceService', becomesReady()),
  'openfaas.com/Function': rule(
    degraded(either(no('Ready'), yes('Stalled'))),
    healthy(yes('Ready'), running),
    suspended(told(yes('Ready'), saying('it has no replicas')), not(running)),
  ),
  'core.spinkube.dev/SpinApp': spin,
  'camel.apache.org/Integration': ready(),
  ...kinds('camel.apache.org', 'Pipe KameletBinding', ready()),
  'camel.apache.org/IntegrationPlatform': words('status.phase', { Healthy: ['Ready'], Degraded: ['Error'] }),
}

/** Observability: the Prometheus operator, Grafana, OpenTelemetry, Jaeger, VictoriaMetrics, Datadog, Humio, Keptn. */
import type { Health } from '../../model/index.ts'
import { conditionsOf, fieldsAt, textAt } from '../status-fields.ts'
import {
  absent,
  always,
  anyNo,
  at,
  degraded,
  has,
  healthy,
  inTurn,
  kinds,
  missing,
  no,
  not,
  notYes,
  present,
  progressing,
  type Rule,
  type RuleTable,
  ready,
  rule,
  saying,
  type Test,
  told,
  unknown,
  waiting,
  words,
  yes,
} from './rule.ts'

const prometheus = rule(
  healthy(yes('Available')),
  progressing(notYes('Available', 'SomePodsNotReady')),
  degraded(notYes('Available')),
)

/** One condition for each thing it does. */
const grafanaItem = rule(degraded(anyNo), healthy(anyYes))

function anyYes(object: Parameters<Test>[0]): string | undefined {
  return conditionsOf(object).some(({ status }) => status === 'True') ? '' : undefined
}

const collector: Rule = (object): Health => {
  const { mode } = fieldsAt(object, 'spec')
  const replicas = textAt(fieldsAt(object, 'status', 'scale'), 'statusReplicas')
  if (!replicas) {
    if (object.status !== undefined && mode === 'sidecar') return { status: 'Healthy' }
    return { status: 'Progressing', message: 'the operator has not reported its replicas yet' }
  }
  const [, up, wanted] = /^(\d+)\/(\d+)$/.exec(replicas) ?? []
  if (up === undefined) return { status: 'Progressing', message: `its replicas are ${replicas}` }
  const message = `${up} of ${wanted} replicas are ready`
  if (Number(up) === 0)
    return mode === 'daemonset' && wanted === '0' ? { status: 'Healthy' } : { status: 'Degraded', message }
  return up === wanted ? { status: 'Healthy' } : { status: 'Progressing', message }
}

const victoria = words('status.updateStatus', {
  Healthy: ['operational'],
  Progressing: ['expanding'],
  Suspended: ['paused'],
  Degraded: ['failed'],
})

const humio = rule(
  healthy(at('status.state', 'Exists')),
  missing(told(at('status.state', 'NotFound'), saying('it is not there'))),
  degraded(at('status.state', 'ConfigError')),
  unknown(told(at('status.state', 'Unknown'), saying('its state is not known'))),
)

const keptn = (path: string) => words(path, { Healthy: ['Succeeded'], Degraded: ['Failed'] })

const metricError = present('status.errMsg')

const stack = inTurn(
  degraded(yes('Failed')),
  degraded(yes('Degraded')),
  degraded(yes('ConfigurationError')),
  progressing(yes('Pending')),
  healthy(yes('Ready')),
)

export const observability: RuleTable = {
  'monitoring.coreos.com/Prometheus': prometheus,
  ...kinds('monitoring.coreos.com', 'Alertmanager ThanosRuler PrometheusAgent', prometheus),
  'grafana.integreatly.org/Grafana': rule(
    progressing(told(absent('status.stageStatus'), waiting)),
    degraded(
      told(
        at('status.stageStatus', 'failed'),
        (object) => `failed at stage ${textAt(fieldsAt(object, 'status'), 'stage')}`,
      ),
    ),
    healthy(at('status.stage', 'complete'), at('status.stageStatus', 'success')),
    progressing(present('status.stage')),
  ),
  ...kinds(
    'grafana.integreatly.org',
    'GrafanaDashboard GrafanaFolder GrafanaAlertRuleGroup GrafanaContactPoint GrafanaNotificationPolicy',
    grafanaItem,
  ),
  'grafana.integreatly.org/GrafanaDatasource': rule(
    progressing(told(absent('status'), waiting)),
    progressing(told(at('status.uid', ''), waiting)),
    degraded(told(at('status.NoMatchingInstances', true), saying('no Grafana instance matches'))),
    healthy(always),
  ),
  'grafana-org-operator.kubitus-project.gitlab.io/*': ready(),
  'loki.grafana.com/LokiStack': stack,
  ...kinds('tempo.grafana.com', 'TempoStack TempoMonolithic', stack),
  'opentelemetry.io/OpenTelemetryCollector': collector,
  'jaegertracing.io/Jaeger': words('status.phase', { Healthy: ['Running'], Degraded: ['Failed'] }),
  'operator.victoriametrics.com/*': victoria,
  'datadoghq.com/DatadogMetric': inTurn(
    progressing(told(absent('status'), waiting)),
    degraded(yes('Error')),
    degraded(no('Valid')),
    healthy(always),
  ),
  ...kinds('coralogix.com', 'Alert RecordingRuleGroupSet', ready('RemoteSynced')),
  ...kinds(
    'core.humio.com',
    'HumioAction HumioAlert HumioIngestToken HumioParser HumioRepository HumioView HumioFilterAlert HumioScheduledSearch',
    humio,
  ),
  'core.humio.com/HumioCluster': words('status.state', {
    Healthy: ['Running'],
    Progressing: ['Restarting', 'Upgrading', 'Pending'],
    Degraded: ['ConfigError'],
    Unknown: ['Unknown'],
  }),
  'kiali.io/Kiali': rule(
    degraded(yes('Failure')),
    progressing(has('Running', 'Running'), not(yes('Successful'))),
    healthy(yes('Successful')),
  ),
  ...kinds(
    'lifecycle.keptn.sh',
    'KeptnAppVersion KeptnTask KeptnWorkloadInstance KeptnWorkloadVersion',
    keptn('status.status'),
  ),
  'lifecycle.keptn.sh/KeptnEvaluation': keptn('status.overallStatus'),
  'metrics.keptn.sh/Analysis': rule(
    healthy(at('status.pass', true)),
    healthy(told(at('status.warning', true), saying('it has passed with warnings'))),
    degraded(told(at('status.pass', false), saying('it has not passed'))),
  ),
  'metrics.keptn.sh/KeptnMetric': rule(degraded(metricError), healthy(present('status.value'))),
  'k6.io/TestRun': words('status.stage', { Healthy: ['finished'], Degraded: ['error'], Suspended: ['stopped'] }),
}

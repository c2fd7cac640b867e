/** PostgreSQL: CloudNativePG, and the operators of Zalando and Crunchy Data. */
import type { KubeObject } from '../../model/index.ts'
import { conditionOf, conditionText, fieldsAt, listAt, numberAt } from '../status-fields.ts'
import {
  absent,
  always,
  asMany,
  at,
  degraded,
  healthy,
  inTurn,
  kinds,
  no,
  present,
  progressing,
  type RuleTable,
  rule,
  saying,
  suspended,
  type Test,
  told,
  unknown,
  waiting,
  words,
} from './rule.ts'

const hibernation =
  (wanted: boolean): Test =>
  (object) => {
    const found = conditionOf(object, 'cnpg.io/hibernation')
    return found && (found.status === 'True') === wanted ? conditionText(found) : undefined
  }

const reconciliationOff: Test = ({ metadata }) =>
  metadata.annotations?.['cnpg.io/reconciliationLoop'] === 'disabled' ? 'its reconciliation is switched off' : undefined

const cnpgPhases = {
  Healthy: ['Cluster in healthy state'],
  Progressing: [
    'Setting up primary',
    'Creating a new replica',
    'Upgrading cluster',
    'Waiting for the instances to become active',
    'Promoting to primary cluster',
  ],
  Degraded: [
    'Switchover in progress',
    'Failing over',
    'Upgrading Postgres major version',
    'Cluster upgrade delayed',
    'Waiting for user action',
    'Primary instance is being restarted in-place',
    'Primary instance is being restarted without a switchover',
    'Cluster cannot execute instance online upgrade due to missing architecture binary',
    'Online upgrade in progress',
    'Applying configuration',
  ],
  Suspended: [
    'Unable to create required cluster objects',
    'Cluster cannot proceed to reconciliation due to an unknown plugin being required',
    'Cluster has incomplete or invalid image catalog',
    'Cluster is unrecoverable and needs manual intervention',
  ],
}

const phaseText: Test = (object) => {
  const { phase, phaseReason } = fieldsAt(object, 'status')
  return [phase, phaseReason].filter((text) => typeof text === 'string' && text !== '').join(': ')
}

const inPhase = (...phases: string[]) => told(at('status.phase', ...phases), phaseText)

const cnpgCluster = rule(
  suspended(reconciliationOff),
  suspended(hibernation(true)),
  degraded(hibernation(false)),
  progressing(told(absent('status.conditions'), waiting)),
  healthy(at('status.phase', ...cnpgPhases.Healthy)),
  progressing(inPhase(...cnpgPhases.Progressing)),
  degraded(inPhase(...cnpgPhases.Degraded)),
  suspended(inPhase(...cnpgPhases.Suspended)),
  unknown(phaseText),
)

export const postgresql: RuleTable = {
  'postgresql.cnpg.io/Cluster': cnpgCluster,
  'postgresql.cnpg.io/Pooler': rule(healthy(asMany('spec.instances', 'status.instances'))),
  'postgresql.cnpg.io/Backup': words('status.phase', {
    Healthy: ['completed'],
    Degraded: ['failed', 'walArchivingFailing'],
  }),
  'postgresql.cnpg.io/ScheduledBackup': rule(
    suspended(told(at('spec.suspend', true), saying('it is suspended'))),
    healthy(always),
  ),
  ...kinds(
    'postgresql.cnpg.io',
    'Database Publication Subscription',
    rule(degraded(told(at('status.applied', false), present('status.message'))), healthy(at('status.applied', true))),
  ),
  'acid.zalan.do/postgresql': rule(
    healthy(at('status.PostgresClusterStatus', 'Running')),
    progressing(at('status.PostgresClusterStatus', 'Creating', 'Updating')),
    degraded(present('status.PostgresClusterStatus')),
  ),
  'postgres-operator.crunchydata.com/PostgresCluster': inTurn(degraded(no('ProxyAvailable')), healthy(primaryReady)),
}

function primaryReady(object: KubeObject): string | undefined {
  const sets = listAt(object, 'status', 'instances')
  const ready = sets.every((set) => numberAt(set, 'readyReplicas') >= numberAt(set, 'replicas'))
  return sets.length > 0 && ready ? '' : undefined
}

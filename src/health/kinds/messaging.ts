/** Messaging: Strimzi, Confluent, Koperator, RabbitMQ, NATS. */
import { fieldsAt, textAt } from '../status-fields.ts'
import {
  absent,
  at,
  degraded,
  either,
  has,
  healthy,
  inTurn,
  kinds,
  no,
  progressing,
  type Rule,
  type RuleTable,
  ready,
  rule,
  told,
  unknown,
  unsure,
  waiting,
  words,
  yes,
} from './rule.ts'

const strimzi = rule(degraded(yes('NotReady')), healthy(yes('Ready')))

const kafka = rule(progressing(yes('NotReady', 'Creating')), degraded(yes('NotReady')), healthy(yes('Ready')))

const confluent = words('status.phase', { Healthy: ['RUNNING'], Progressing: ['PROVISIONING'] })

const connector: Rule = rule(
  degraded(told(at('status.state', 'ERROR'), waiting)),
  degraded((object) => {
    const { failedTasksCount } = fieldsAt(object, 'status')
    return typeof failedTasksCount === 'number' && failedTasksCount > 0
      ? `${failedTasksCount} tasks have failed`
      : undefined
  }),
  healthy(at('status.state', 'CREATED'), at('status.connectorState', 'RUNNING'), absent('status.failedTasksCount')),
)

const koperator: Rule = (object) => {
  const status = fieldsAt(object, 'status')
  const state = textAt(status, 'state')
  if (state === 'ClusterRollingUpgrading') return { status: 'Progressing', message: state }
  const brokers = Object.entries(fieldsAt(status, 'brokersState'))
  if (status.brokersState === undefined) return { status: 'Progressing', message: waiting(object) }
  const bad = brokers.find(([, broker]) => !isInSync(broker))
  const control = textAt(status, 'cruiseControlTopicStatus')
  if (bad) return { status: 'Degraded', message: `broker ${bad[0]} is not in sync` }
  if (control === 'CruiseControlTopicReady' && state === 'ClusterRunning') return { status: 'Healthy' }
  return { status: 'Progressing', message: [state, control].filter(Boolean).join('; ') }
}

function isInSync(broker: unknown): boolean {
  const action = textAt(fieldsAt(broker, 'gracefulActionState'), 'cruiseControlState')
  return textAt(broker, 'configurationState') === 'ConfigInSync' && /^Graceful(Up|Down)scaleSucceeded$/.test(action)
}

// Whether the status is of the newest spec does not count, as in Argo CD.
const topology = inTurn(
  healthy(yes('Ready', 'SuccessfulCreateOrUpdate')),
  degraded(no('Ready', 'FailedCreateOrUpdate')),
  unknown(told(has('Ready'), waiting)),
  unknown(told(absent('status.conditions'), waiting)),
)

export const messaging: RuleTable = {
  'kafka.strimzi.io/Kafka': kafka,
  ...kinds(
    'kafka.strimzi.io',
    'KafkaBridge KafkaConnect KafkaConnector KafkaTopic KafkaUser KafkaMirrorMaker KafkaMirrorMaker2',
    strimzi,
  ),
  'kafka.strimzi.io/KafkaRebalance': rule(
    degraded(yes('NotReady')),
    healthy(either(yes('Ready'), yes('ProposalReady'))),
    progressing(either(yes('Rebalancing'), yes('PendingProposal'))),
  ),
  ...kinds(
    'platform.confluent.io',
    'Connect ControlCenter Kafka KsqlDB SchemaRegistry Zookeeper KRaftController KafkaRestProxy',
    confluent,
  ),
  'platform.confluent.io/Connector': connector,
  'platform.confluent.io/KafkaTopic': words('status.state', { Healthy: ['CREATED'], Degraded: ['ERROR'] }),
  'kafka.banzaicloud.io/KafkaCluster': koperator,
  ...kinds(
    'rabbitmq.com',
    'Binding Exchange Permission Policy Queue Shovel User Vhost Federation SchemaReplication TopicPermission OperatorPolicy',
    topology,
  ),
  'rabbitmq.com/RabbitmqCluster': rule(
    degraded(no('ReconcileSuccess')),
    progressing(either(unsure('ClusterAvailable'), unsure('AllReplicasReady'))),
    healthy(yes('ClusterAvailable'), yes('AllReplicasReady')),
  ),
  ...kinds('jetstream.nats.io', 'Stream Consumer KeyValue ObjectStore Account', ready()),
}

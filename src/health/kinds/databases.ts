/** Databases and search engines, but for PostgreSQL. */

import type { Health, KubeObject } from '../../model/index.ts'
import { conditionOf, conditionsOf, conditionText, fieldsAt, listAt, numberAt, textAt } from '../status-fields.ts'
import { postgresql } from './postgresql.ts'
import {
  always,
  asMany,
  at,
  degraded,
  either,
  has,
  healthy,
  hints,
  inTurn,
  kinds,
  like,
  no,
  not,
  outdated,
  present,
  progressing,
  type Rule,
  type RuleTable,
  ready,
  rule,
  suspended,
  type Test,
  told,
  unknown,
  valueAt,
  waiting,
  words,
  yes,
} from './rule.ts'

function nodes(object: KubeObject): string {
  const status = fieldsAt(object, 'status')
  const told = [status.message, status.messages].flat().filter((text) => typeof text === 'string')
  return [`${textAt(status, 'state')}: ${status.ready ?? 0} of ${status.size ?? '?'} nodes are ready`, ...told].join(
    '; ',
  )
}

const stateIs = (...states: string[]) => told(at('status.state', ...states), nodes)

const mongoOperator = words('status.phase', {
  Healthy: ['Running'],
  Degraded: ['Failed'],
  Suspended: ['Disabled'],
})

const percona: RuleTable = {
  'pxc.percona.com/PerconaXtraDBCluster': rule(
    progressing(stateIs('initializing')),
    healthy(stateIs('ready')),
    degraded(stateIs('stopping', 'error')),
    unknown(told(always, nodes)),
  ),
  'psmdb.percona.com/PerconaServerMongoDB': rule(
    progressing(stateIs('initializing', 'stopping')),
    healthy(stateIs('ready')),
    degraded(stateIs('error')),
    suspended(stateIs('paused')),
    unknown(told(always, nodes)),
  ),
  ...kinds(
    'pgv2.percona.com',
    'PerconaPGCluster',
    words('status.state', { Healthy: ['ready'], Suspended: ['paused'] }),
  ),
  ...kinds(
    'pxc.percona.com',
    'PerconaXtraDBClusterBackup PerconaXtraDBClusterRestore',
    words('status.state', {
      Healthy: ['Succeeded'],
      Degraded: ['Failed'],
    }),
  ),
  ...kinds(
    'psmdb.percona.com',
    'PerconaServerMongoDBBackup PerconaServerMongoDBRestore',
    words('status.state', {
      Healthy: ['ready'],
      Degraded: ['error', 'rejected'],
    }),
  ),
}

/** The last condition speaks for the whole. */
const lastCondition =
  (failed: (reason: string, message: string) => boolean): Rule =>
  (object) => {
    const last = conditionsOf(object).at(-1)
    if (!last) return { status: 'Progressing', message: waiting(object) }
    const message = conditionText(last)
    if (last.status !== 'False') return { status: 'Healthy', ...(message && { message }) }
    return { status: failed(last.reason, last.message) ? 'Degraded' : 'Progressing', message }
  }

const mariadb: RuleTable = {
  'k8s.mariadb.com/MariaDB': lastCondition((reason) => reason === 'Failed'),
  'mariadb.mmontes.io/MariaDB': lastCondition((reason) => reason === 'Failed'),
  'k8s.mariadb.com/Backup': lastCondition((reason, message) => reason === 'CronJobScheduled' && message === 'Failed'),
  ...kinds('k8s.mariadb.com', 'Database Grant User', ready()),
  'k8s.mariadb.com/SqlJob': rule(
    healthy(either(yes('Complete', 'JobComplete'), yes('Ready', 'JobComplete'))),
    degraded(either(yes('Failed', 'JobFailed'), yes('Ready', 'JobFailed'), yes('Complete', 'JobFailed'))),
  ),
}

const colours = (path: string) => words(path, { Healthy: ['green'], Progressing: ['yellow'], Degraded: ['red'] })

const elasticsearch: Rule = (object) => {
  const status = fieldsAt(object, 'status')
  if (status.availableNodes !== undefined) {
    const wanted = listAt(object, 'spec', 'nodeSets').reduce((sum, set) => sum + numberAt(set, 'count'), 0)
    const available = numberAt(status, 'availableNodes')
    if (available < wanted) return { status: 'Progressing', message: `${available} of ${wanted} nodes are available` }
    if (available === wanted && status.phase === 'Ready') return colours('status.health')(object)
  }
  if (status.phase === 'ApplyingChanges' || status.phase === 'MigratingData')
    return { status: 'Progressing', message: textAt(status, 'phase') }
  if (status.phase === 'Invalid') return { status: 'Degraded', message: 'its specification is invalid' }
  return { status: 'Unknown', message: 'its state is not known' }
}

const beat: Rule = (object) => {
  const { health, availableNodes, expectedNodes } = fieldsAt(object, 'status')
  if (health === 'yellow')
    return {
      status: 'Progressing',
      message: `${availableNodes ?? 0} of ${expectedNodes ?? '?'} instances are available`,
    }
  if (health === undefined && expectedNodes === undefined)
    return { status: 'Unknown', message: 'its state is not known' }
  if (health !== undefined && !/^(green|red)$/.test(String(health)))
    return { status: 'Unknown', message: `its health is ${health}` }
  return colours('status.health')(object)
}

const solr: Rule = (object) => {
  const all = listAt(object, 'status', 'solrNodes')
  const open = all.filter((node) => node.ready !== true)
  if (all.length > 0 && open.length === 0) return { status: 'Healthy' }
  return { status: 'Progressing', message: `${all.length - open.length} of ${all.length} nodes are ready` }
}

const racks: Rule = (object): Health => {
  const all = Object.entries(fieldsAt(object, 'status', 'racks')) as [string, Record<string, unknown>][]
  const open = all.find(([, rack]) => rack.members !== undefined && rack.members !== rack.readyMembers)
  if (valueAt(object, 'status.racks') === undefined) return { status: 'Progressing', message: waiting(object) }
  if (!open) return { status: 'Healthy' }
  return {
    status: 'Progressing',
    message: `rack ${open[0]}: ${open[1].readyMembers ?? 0} of ${open[1].members} members are ready`,
  }
}

const altinity = rule(
  healthy(at('status.status', 'Completed')),
  progressing(at('status.status', 'InProgress')),
  degraded(present('status.status')),
)

const minioTrouble = [
  'Statefulset not controlled by operator',
  'Another MinIO Tenant already exists in the namespace',
  'Tenant credentials are not set properly',
  'Different versions across MinIO Pools',
  'Pool Decommissioning Not Allowed',
]

export const databases: RuleTable = {
  ...postgresql,
  ...percona,
  ...mariadb,
  'mongodbcommunity.mongodb.com/MongoDBCommunity': mongoOperator,
  ...kinds(
    'mongodb.com',
    'MongoDB MongoDBMulti MongoDBMultiCluster MongoDBOpsManager MongoDBUser',
    words('status.phase', {
      Healthy: ['Running', 'Updated'],
      Degraded: ['Failed'],
      Suspended: ['Disabled'],
    }),
  ),
  ...kinds('atlas.mongodb.com', 'AtlasProject AtlasDeployment AtlasDatabaseUser', ready()),
  'db.atlasgo.io/AtlasMigration': rule(
    healthy(yes('Ready')),
    progressing(no('Ready', 'Reconciling')),
    degraded(has('Ready')),
  ),
  'db.atlasgo.io/AtlasSchema': rule(
    healthy(yes('Ready')),
    progressing(readySays('Reconciling', 'GettingDevDB')),
    degraded(has('Ready')),
  ),
  'redis.redis.opstreelabs.in/RedisCluster': hints('status.state', { Healthy: ['Ready'], Degraded: ['Failed'] }),
  'app.redislabs.com/RedisEnterpriseCluster': hints('status.state', {
    Healthy: ['Running'],
    Degraded: ['Error', 'Invalid'],
    Suspended: ['RecoveringFirstPod'],
  }),
  'app.redislabs.com/RedisEnterpriseDatabase': hints('status.status', { Healthy: ['active', 'active-change-pending'] }),
  'dragonflydb.io/Dragonfly': hints('status.phase', { Healthy: ['ready', 'Ready'] }),
  'elasticsearch.k8s.elastic.co/Elasticsearch': elasticsearch,
  'beat.k8s.elastic.co/Beat': beat,
  'logstash.k8s.elastic.co/Logstash': colours('status.health'),
  'kibana.k8s.elastic.co/Kibana': colours('status.health'),
  'apm.k8s.elastic.co/ApmServer': colours('status.health'),
  'agent.k8s.elastic.co/Agent': colours('status.health'),
  'enterprisesearch.k8s.elastic.co/EnterpriseSearch': colours('status.health'),
  'maps.k8s.elastic.co/ElasticMapsServer': colours('status.health'),
  'opensearch.opster.io/OpenSearchCluster': hints('status.phase', { Healthy: ['RUNNING'] }),
  'solr.apache.org/SolrCloud': solr,
  'cassandra.rook.io/Cluster': racks,
  'cassandra.datastax.com/CassandraDatacenter': rule(
    degraded(no('Valid')),
    suspended(yes('Stopped')),
    healthy(at('status.cassandraOperatorProgress', 'Ready'), yes('Ready')),
  ),
  'k8ssandra.io/K8ssandraCluster': inTurn(
    degraded(told(like('status.error', /^(?!None$)./), present('status.error'))),
    healthy(yes('CassandraInitialized')),
  ),
  'scylla.scylladb.com/ScyllaCluster': inTurn(
    progressing(outdated),
    degraded(yes('Degraded')),
    progressing(yes('Progressing')),
    healthy(yes('Available')),
  ),
  'clickhouse.altinity.com/ClickHouseInstallation': altinity,
  'clickhouse-keeper.altinity.com/ClickHouseKeeperInstallation': altinity,
  'zookeeper.pravega.io/ZookeeperCluster': rule(
    healthy(asMany('status.readyReplicas', 'status.replicas'), not(at('status.readyReplicas', 0))),
  ),
  'minio.min.io/Tenant': rule(
    healthy(at('status.currentState', 'Initialized')),
    degraded(at('status.currentState', ...minioTrouble)),
  ),
  'mysql.oracle.com/InnoDBCluster': inTurn(
    healthy(at('status.cluster.status', 'ONLINE')),
    degraded(at('status.cluster.status', 'OFFLINE', 'NO_QUORUM', 'INVALID', 'ONLINE_UNCERTAIN')),
  ),
  'pingcap.com/TidbCluster': ready(),
  'temporal.io/TemporalCluster': ready(),
  'cluster.redpanda.com/Redpanda': ready(),
  'cluster.redpanda.com/Topic': ready(),
  'etcd.database.coreos.com/EtcdCluster': hints('status.phase', { Healthy: ['Running'], Degraded: ['Failed'] }),
  'couchbase.com/CouchbaseCluster': inTurn(
    degraded(yes('Error')),
    progressing(no('Balanced')),
    healthy(yes('Available')),
  ),
  'hazelcast.com/Hazelcast': hints('status.phase', { Healthy: ['Running'], Degraded: ['Failed'] }),
  'infinispan.org/Infinispan': inTurn(healthy(yes('WellFormed')), degraded(no('WellFormed'))),
}

/** Its message is a word, such as a reason elsewhere. */
function readySays(...messages: string[]): Test {
  return (object) => {
    const found = conditionOf(object, 'Ready')
    return found && messages.includes(found.message) ? conditionText(found) : undefined
  }
}

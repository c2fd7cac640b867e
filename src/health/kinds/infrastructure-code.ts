/** Infrastructure as objects: Crossplane and its providers, the clouds' own controllers, Pulumi, Terraform. */
import { conditionsOf, fieldsAt, listAt } from '../status-fields.ts'
import {
  absent,
  always,
  asMany,
  at,
  becomesReady,
  degraded,
  either,
  healthy,
  inTurn,
  kinds,
  no,
  not,
  notYes,
  outdatedCondition,
  present,
  progressing,
  type Rule,
  type RuleTable,
  rule,
  saying,
  suspended,
  type Test,
  told,
  waiting,
  yes,
} from './rule.ts'

/** Kinds of configuration, which the controllers of Crossplane give no status. */
const silentKinds = [
  'Composition',
  'CompositionRevision',
  'DeploymentRuntimeConfig',
  'ClusterProviderConfig',
  'ProviderConfig',
  'ProviderConfigUsage',
  'ControllerConfig',
]
const hasNoStatus: Test = (object) => (Object.keys(fieldsAt(object, 'status')).length === 0 ? '' : undefined)
const isSilent: Test = ({ kind }) => (silentKinds.includes(kind) ? '' : undefined)
const isProviderConfig: Test = ({ kind }) => (kind.endsWith('ProviderConfig') ? '' : undefined)

function crossplane(...types: string[]): Rule {
  const settled = inTurn(
    healthy(hasNoStatus, isSilent),
    progressing(told(hasNoStatus, waiting)),
    healthy(absent('status.conditions'), isProviderConfig, present('status.users')),
  )
  const decided = rule(
    degraded(no('LastAsyncOperation')),
    degraded(no('Synced')),
    ...types.map((type) => healthy(yes(type))),
  )
  return (object) => settled(object) ?? decided(object)
}

const composed = crossplane('Ready', 'Healthy', 'Offered', 'Established', 'ValidPipeline', 'RevisionHealthy')
const managed = crossplane('Ready')

/** The classic AWS provider, of which an error counts once it has been tried. */
const classic = rule(
  progressing(told(absent('status.conditions'), waiting)),
  healthy(yes('Ready'), yes('Synced')),
  suspended(no('Synced', 'ReconcilePaused')),
  progressing(told(not(yes('Ready')), waiting), yes('Synced')),
  degraded(told(always, either(notYes('Synced'), notYes('Ready')))),
)

const packageRule = rule(
  healthy(yes('Installed'), yes('Healthy')),
  progressing(told(absent('status.conditions'), waiting)),
  degraded(told(always, either(notYes('Installed'), notYes('Healthy'), saying('it is not installed')))),
)

const reason =
  (wanted: string, status?: string): Test =>
  (object) => {
    const found = conditionsOf(object).find((entry) => entry.reason === wanted && (!status || entry.status === status))
    return found && (found.message || found.reason)
  }

const connector: Test = ({ kind }) => (/^ConfigConnector(Context)?$/.test(kind) ? '' : undefined)

const google = rule(
  healthy(at('status.healthy', true), connector),
  degraded(told(at('status.healthy', false), saying('the connector is not healthy')), connector),
  healthy(reason('UpToDate', 'True')),
  degraded(reason('UpdateFailed')),
  degraded(reason('DependencyNotFound')),
  suspended(reason('DependencyNotReady')),
)

const sap = rule(
  progressing(outdatedCondition()),
  progressing(told(absent('status.conditions'), waiting)),
  degraded(no('Succeeded')),
  degraded(yes('Failed')),
  healthy(always),
)

const compositeStack: Rule = (object) => {
  const { conditionedStatus } = fieldsAt(object, 'status')
  return becomesReady()({ ...object, status: conditionedStatus })
}

export const infrastructureCode: RuleTable = {
  'pkg.crossplane.io/Provider': packageRule,
  ...kinds('pkg.crossplane.io', 'Configuration Function', composed),
  ...kinds('cloudfront.aws.crossplane.io', 'Distribution', classic),
  ...kinds('iam.aws.crossplane.io', 'Policy Role RolePolicyAttachment', classic),
  ...kinds('rds.aws.crossplane.io', 'DBCluster DBInstance', classic),
  ...kinds('route53.aws.crossplane.io', 'ResourceRecordSet', classic),
  ...kinds('s3.aws.crossplane.io', 'Bucket', classic),
  'stacks.crossplane.io/ClusterStackInstall': compositeStack,
  '*.crossplane.io/*': composed,
  '*.upbound.io/*': managed,
  '*.services.k8s.aws/*': rule(degraded(yes('ACK.Terminal')), healthy(yes('Ready'))),
  '*.cnrm.cloud.google.com/*': google,
  '*.azure.com/*': inTurn(
    degraded(told(no('Ready'), waiting), severity('Error')),
    healthy(yes('Ready')),
    progressing(notYes('Ready')),
  ),
  'iammanager.keikoproj.io/Iamrole': rule(
    degraded(at('status.state', 'Error', 'RolesMaxLimitReached', 'PolicyNotAllowed', 'RoleNameNotAvailable')),
    healthy(at('status.state', 'Ready')),
  ),
  'pulumi.com/Stack': rule(
    progressing(told(not(asMany('metadata.generation', 'status.observedGeneration')), waiting)),
    degraded(yes('Stalled')),
    progressing(yes('Reconciling')),
    healthy(yes('Ready')),
  ),
  ...kinds('services.cloud.sap.com', 'ServiceInstance ServiceBinding', sap),
  'servicecatalog.k8s.io/ServiceInstance': rule(degraded(yes('Failed')), healthy(yes('Ready'))),
  'tower.ansible.com/AnsibleJob': rule(
    healthy(at('status.ansibleJobResult.status', 'successful')),
    degraded(at('status.ansibleJobResult.status', 'failed', 'error', 'canceled')),
  ),
  ...kinds(
    'trident.netapp.io',
    'TridentBackendConfig',
    rule(
      degraded(told(at('status.lastOperationStatus', 'Failed'), present('status.message'))),
      healthy(at('status.phase', 'Bound'), at('status.lastOperationStatus', 'Success')),
    ),
  ),
  'trident.netapp.io/TridentOrchestrator': rule(
    healthy(at('status.status', 'Installed')),
    degraded(at('status.status', 'Failed', 'Error')),
  ),
}

/** Azure's operator says of a condition that is False how bad it is. */
function severity(wanted: string): Test {
  return (object) => {
    const found = listAt(object, 'status', 'conditions').find(({ type }) => type === 'Ready')
    return found?.severity === wanted ? '' : undefined
  }
}

/** Policies: Kyverno, Gatekeeper, Kubewarden, and the disruption budget of Kubernetes itself. */
import { conditionsOf, listAt, textAt } from '../status-fields.ts'
import {
  at,
  degraded,
  either,
  healthy,
  inTurn,
  kinds,
  no,
  progressing,
  type RuleTable,
  rule,
  type Test,
  waiting,
  yes,
} from './rule.ts'

/** Too few pods to spare any is how a budget does its work. */
const blocked: Test = (object) => {
  const found = conditionsOf(object).find(({ status, reason }) => status === 'False' && reason !== 'InsufficientPods')
  return found && [found.reason, found.message].filter(Boolean).join(': ')
}
const reported: Test = (object) => (conditionsOf(object).length > 0 ? '' : undefined)

const templateError: Test = (object) => {
  const errors = listAt(object, 'status', 'byPod').flatMap((pod) => listAt(pod, 'errors'))
  return errors[0] && `${textAt(errors[0], 'code')}: ${textAt(errors[0], 'message')}`
}

/** One that is not ready is waited for, whatever the reason. */
const kyverno = rule(healthy(yes('Ready', 'Succeeded')))

export const policies: RuleTable = {
  'policy/PodDisruptionBudget': inTurn(degraded(blocked), healthy(reported), progressing(waiting)),
  ...kinds('kyverno.io', 'Policy ClusterPolicy', kyverno),
  ...kinds('kyverno.io', 'CleanupPolicy ClusterCleanupPolicy', inTurn(healthy(yes('Ready')), degraded(no('Ready')))),
  'templates.gatekeeper.sh/ConstraintTemplate': rule(degraded(templateError), healthy(at('status.created', true))),
  ...kinds(
    'policies.kubewarden.io',
    'ClusterAdmissionPolicy AdmissionPolicy ClusterAdmissionPolicyGroup AdmissionPolicyGroup',
    rule(healthy(either(at('status.policyStatus', 'active'), yes('PolicyActive')))),
  ),
}

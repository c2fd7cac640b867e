/** Certificates: cert-manager and its ACME side, trust-manager, Google's managed certificates. */
import { listAt } from '../status-fields.ts'
import {
  at,
  becomesReady,
  degraded,
  healthy,
  kinds,
  no,
  progressing,
  type RuleTable,
  ready,
  rule,
  type Test,
  yes,
} from './rule.ts'

const domainFailed: Test = (object) =>
  listAt(object, 'status', 'domainStatus').some(({ status }) => status === 'FailedNotVisible')
    ? 'FailedNotVisible: the domain does not lead to the load balancer'
    : undefined

const acme = rule(
  degraded(at('status.state', 'invalid', 'expired', 'errored')),
  healthy(at('status.state', 'valid', 'ready')),
)

export const certificates: RuleTable = {
  // While it is being issued, also for the first time, Ready is False.
  'cert-manager.io/Certificate': rule(progressing(yes('Issuing')), degraded(no('Ready')), healthy(yes('Ready'))),
  'cert-manager.io/CertificateRequest': rule(
    degraded(yes('InvalidRequest')),
    degraded(yes('Denied')),
    degraded(no('Ready', 'Failed', 'Denied')),
    healthy(yes('Ready')),
  ),
  ...kinds('cert-manager.io', 'Issuer ClusterIssuer', ready()),
  ...kinds('certmanager.k8s.io', 'Certificate Issuer ClusterIssuer', ready()),
  ...kinds('acme.cert-manager.io', 'Order Challenge', acme),
  'trust.cert-manager.io/Bundle': ready('Synced'),
  'networking.gke.io/ManagedCertificate': rule(
    degraded(domainFailed),
    healthy(at('status.certificateStatus', 'Active')),
  ),
  'policy.cert-manager.io/CertificateRequestPolicy': becomesReady(),
}

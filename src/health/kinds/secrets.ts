/** Secrets: External Secrets, Sealed Secrets, 1Password, Vault. */
import { fieldsAt, textAt } from '../status-fields.ts'
import {
  at,
  degraded,
  healthy,
  kinds,
  like,
  no,
  progressing,
  type Rule,
  type RuleTable,
  ready,
  rule,
  told,
  unsure,
  yes,
} from './rule.ts'

/** The last condition is the newest. */
const clusterExternalSecret: Rule = (object) => {
  const conditions = (fieldsAt(object, 'status').conditions ?? []) as unknown[]
  const last = { ...object, status: { conditions: conditions.slice(-1) } }
  return rule(healthy(yes('Ready')), degraded(yes('PartiallyReady')), degraded(yes('NotReady')))(last)
}

export const secrets: RuleTable = {
  ...kinds('external-secrets.io', 'ExternalSecret SecretStore ClusterSecretStore PushSecret', ready()),
  'external-secrets.io/ClusterExternalSecret': clusterExternalSecret,
  'external-secrets.io/ClusterPushSecret': clusterExternalSecret,
  'bitnami.com/SealedSecret': ready('Synced'),
  'onepassword.com/OnePasswordItem': ready(),
  'kubernetes-client.io/ExternalSecret': rule(
    healthy(at('status.status', 'SUCCESS')),
    degraded(
      told(like('status.status', /^ERROR/), (object) =>
        textAt(fieldsAt(object, 'status'), 'status').replace(/^ERROR, /, ''),
      ),
    ),
  ),
  ...kinds(
    'redhatcop.redhat.io',
    'VaultSecret Policy SecretEngineMount AuthEngineMount',
    rule(
      degraded(yes('ReconcileError')),
      degraded(no('ReconcileSuccessful')),
      healthy(yes('ReconcileSuccessful')),
      progressing(unsure('ReconcileSuccessful')),
    ),
  ),
}

/** serviceaccounts/token: hands out a token for an account. */
import { invalid } from '../invalid.ts'
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { getObject } from '../lifecycle/read.ts'
import { timestamp } from '../lifecycle/timestamp.ts'
import type { KubeObject } from '../object.ts'
import { issuer } from './tokens.ts'

const shortest = 600

interface TokenSpec {
  audiences?: string[]
  expirationSeconds?: number
  boundObjectRef?: unknown
}

export function requestToken(cluster: Cluster, call: Call, object: KubeObject): KubeObject {
  const account = getObject(cluster, call.resource, call)
  const spec = (object.spec ?? {}) as TokenSpec
  const seconds = spec.expirationSeconds ?? 3600
  if (seconds < shortest) {
    const message = `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`
    const faults = [{ reason: 'FieldValueInvalid', field: 'spec.expirationSeconds', message } as const]
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', faults)
  }
  const audiences = spec.audiences?.length ? spec.audiences : [issuer]
  const { name, namespace, uid } = account.metadata
  const { managedFields } = object.metadata
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, uid, creationTimestamp: timestamp(call.now), ...(managedFields && { managedFields }) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: {
      token: cluster.tokens.issue(account, { audiences, seconds, now: call.now }),
      expirationTimestamp: timestamp(new Date(call.now.getTime() + seconds * 1000)),
    },
  }
}

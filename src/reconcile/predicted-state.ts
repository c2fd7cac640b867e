/** What a sync would make of one object, as a whole: for whoever is to see it. */
import { type ComparisonRules, predictLocally, settleAll, wholeLiveValue } from '../diff/index.ts'
import { type KubeObject, keyOf, type Verdict, versionOf } from '../model/index.ts'
import { predict } from '../sync/index.ts'
import type { ObservedResource } from './observe.ts'
import type { Cluster } from './stages.ts'

export interface PredictionRequest {
  cluster: Pick<Cluster, 'client'>
  rules: ComparisonRules
  signal: AbortSignal
}

/** One verdict stands as long as neither side changes, and so does what was predicted for it. */
const remembered = new WeakMap<Verdict, Promise<KubeObject>>()

/** Of a resource that would be changed. Never rejects: where the server cannot say, it is told as well as can be. */
export function predictedState(
  resource: ObservedResource,
  request: PredictionRequest,
): Promise<KubeObject> | undefined {
  const { verdict, desired, live } = resource
  if (verdict.kind !== 'changed' || !desired || !live) return undefined
  const known = remembered.get(verdict)
  if (known) return known
  const states = { desired: desired.object, live: live.object }
  const asked = predictedObject(states, request).catch(() => {
    remembered.delete(verdict)
    return predictLocally(states.desired, states.live)
  })
  remembered.set(verdict, asked)
  return asked
}

/** Ignored fields are as they are live. */
export async function predictedObject(
  { desired, live }: { desired: KubeObject; live: KubeObject },
  { cluster, rules, signal }: PredictionRequest,
): Promise<KubeObject> {
  const { client } = cluster
  const predicted = rules.options.serverSide ? await predict(client, desired, signal) : predictLocally(desired, live)
  const followed = rules.ignore.rulesFor(keyOf(desired))
  if (followed.length === 0) return predicted
  const needsManagers = followed.some((rule) => rule.needsManagers)
  const target = { ...keyOf(desired), version: versionOf(desired.apiVersion) }
  const full = needsManagers ? await client.get(target, signal) : undefined
  return settleAll({ wanted: predicted, live: full ?? live }, { rules: followed, keep: wholeLiveValue })
}

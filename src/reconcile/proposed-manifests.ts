/** Manifests that somebody proposes in the place of those of the sources, compared as a sync would compare them. */
import { type ComparisonRules, compareObject, normalise } from '../diff/index.ts'
import {
  type Application,
  describeKey,
  instanceName,
  type KubeObject,
  keyOf,
  type ObjectComparison,
  StageError,
  sourcesOf,
  versionOf,
} from '../model/index.ts'
import { isHook, predict } from '../sync/index.ts'
import { desiredState } from './desired-state.ts'
import { checked } from './examine.ts'
import { predictedObject } from './predicted-state.ts'
import { RuleBook } from './rule-book.ts'
import type { Cluster, Stages } from './stages.ts'
import { trackedForm } from './tracked-form.ts'

export interface Proposal {
  application: Application
  objects: KubeObject[]
  signal: AbortSignal
}

export interface ComparedProposal {
  comparison: ObjectComparison
  desired: KubeObject
  live: KubeObject | undefined
  predicted: KubeObject | undefined
}

/**
 * Throws a StageError for what the project does not permit, and for objects that are there and are not the application's:
 * what a server makes of those would tell what is in them.
 */
export async function compareProposal(proposal: Proposal, stages: Stages): Promise<ComparedProposal[]> {
  const { application, signal } = proposal
  const { cluster, desired } = placedProposal(proposal, stages)
  await cluster.live.require(desired.map(({ key: { group, kind } }) => ({ group, kind })))
  signal.throwIfAborted()
  const { settings, jq } = stages
  const rules = await new RuleBook().rulesOf(application, { settings: settings.diff, jq })
  const instance = instanceName(application, stages.controlPlane.namespace)
  const compared: ComparedProposal[] = []
  for (const { object, key } of desired) {
    const live = cluster.live.get(key)
    if (live && live.instance !== instance) throw foreign(object, instance)
    const marking = { instance, tracking: settings.tracking, live, isForeign: false, lazily: true }
    const { object: wanted } = trackedForm({ object }, marking)
    const whole = live && (await cluster.client.get({ ...key, version: versionOf(wanted.apiVersion) }, signal))
    if (whole && stages.instanceOf(whole) !== instance) throw foreign(object, instance)
    compared.push(await compareOne({ wanted, whole }, { cluster, rules, signal }))
  }
  return compared
}

function placedProposal({ application, objects }: Proposal, stages: Stages) {
  const { cluster, project } = checked({ application, sources: sourcesOf(application.spec) }, stages)
  const { live } = cluster
  const { manifests, findings } = desiredState({
    manifests: objects.filter((object) => !isHook(object)).map((object) => ({ object })),
    namespace: application.spec.destination.namespace,
    project,
    cluster,
    scope: (group, kind) => live.scope(group, kind),
    isExcluded: (kind) => live.isExcluded(kind),
  })
  const refusals = findings.filter(({ type }) => type === 'InvalidSpecError').map(({ message }) => message)
  if (refusals.length > 0) throw new StageError('project', refusals.join('\n'), { retry: false })
  const desired = manifests.map(({ object }) => ({ object: normalise(object), key: keyOf(object) }))
  return { cluster, desired: desired.filter(({ key }) => live.scope(key.group, key.kind) !== undefined) }
}

function foreign(object: KubeObject, instance: string): StageError {
  const message = `${describeKey(keyOf(object))} is there already and is not part of the application ${instance}`
  return new StageError('project', message, { retry: false })
}

interface Surroundings {
  cluster: Cluster
  rules: ComparisonRules
  signal: AbortSignal
}

async function compareOne(
  { wanted, whole }: { wanted: KubeObject; whole: KubeObject | undefined },
  { cluster, rules, signal }: Surroundings,
): Promise<ComparedProposal> {
  const { client } = cluster
  const comparison = await compareObject({
    desired: wanted,
    live: whole,
    rules: rules.ignore.rulesFor(keyOf(wanted)),
    options: rules.options,
    server: { predict: (object) => predict(client, object, signal), read: async () => whole },
    wasSynced: false,
  })
  const isChanged = whole !== undefined && comparison.verdict === 'changed'
  const predicted = isChanged
    ? await predictedObject({ desired: wanted, live: whole }, { cluster, rules, signal })
    : undefined
  return { comparison, desired: wanted, live: whole, predicted }
}

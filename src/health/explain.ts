/** Why an object is not healthy: the chain of owned objects down to the one that is the cause. */
import { type ApplicationHealth, isWorse, type KubeObject, keyOf, type ResourceKey } from '../model/index.ts'
import { type Assess, assessHealth } from './assess.ts'
import { fieldsAt, numberAt } from './status-fields.ts'

export type ChildrenOf = (uid: string) => KubeObject[]

/**
 * The object's own status, which its children do not change, with the message of the owned object that explains it and
 * the chain to that one, the object itself first. undefined for a kind that has no health.
 */
export function explainHealth(
  object: KubeObject,
  childrenOf: ChildrenOf,
  assess: Assess = assessHealth,
): ApplicationHealth | undefined {
  const health = assess(object)
  if (!health || health.status === 'Healthy' || health.status === 'Suspended') return health
  const culprit = deepestCause(object, { childrenOf, assess, seen: new Set() })
  if (!culprit) return { ...health, cause: [keyOf(object)] }
  const { path, alike, message } = culprit
  const leaf = path[path.length - 1] as ResourceKey
  const more = alike > 0 ? ` (and ${alike} more)` : ''
  return {
    status: health.status,
    message: `${leaf.kind} ${leaf.name}${more}: ${shortened(message)}`,
    cause: [keyOf(object), ...path],
  }
}

const longest = 300

/** Registries and schedulers can be long-winded; the object itself has the whole text. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

interface Culprit {
  status: ApplicationHealth['status']
  path: ResourceKey[]
  message: string
  createdAt: string
  /** Further objects with the same trouble. */
  alike: number
}

interface Search {
  childrenOf: ChildrenOf
  assess: Assess
  seen: Set<string>
}

function deepestCause(object: KubeObject, search: Search): Culprit | undefined {
  const { childrenOf, seen } = search
  const { uid } = object.metadata
  if (!uid || seen.has(uid)) return undefined
  seen.add(uid)
  const culprits = relevant(childrenOf(uid)).flatMap((child) => culpritOf(child, search))
  const [worst, ...others] = culprits.sort(byGravity)
  if (!worst) return undefined
  return { ...worst, alike: worst.alike + others.filter((other) => isAlike(other, worst)).length }
}

function culpritOf(child: KubeObject, search: Search): Culprit[] {
  const health = search.assess(child)
  const deeper = deepestCause(child, search)
  if (!health || health.status === 'Healthy') return deeper ? [{ ...deeper, path: [keyOf(child), ...deeper.path] }] : []
  const own: Culprit = {
    status: health.status,
    path: [keyOf(child)],
    message: health.message ?? health.status,
    createdAt: child.metadata.creationTimestamp ?? '',
    alike: 0,
  }
  if (!deeper || isWorse(own.status, deeper.status)) return [own]
  return [{ ...deeper, path: [keyOf(child), ...deeper.path] }]
}

/** The worst first; of equals the claim that a pod waits for, then the newest, which belongs to the latest change. */
function byGravity(a: Culprit, b: Culprit): number {
  if (a.status !== b.status) return isWorse(a.status, b.status) ? -1 : 1
  if (isClaim(a) !== isClaim(b)) return isClaim(a) ? -1 : 1
  if (a.createdAt !== b.createdAt) return a.createdAt > b.createdAt ? -1 : 1
  return (leafName(a) ?? '') < (leafName(b) ?? '') ? -1 : 1
}

function isClaim({ path }: Culprit): boolean {
  return path[path.length - 1]?.kind === 'PersistentVolumeClaim'
}

function leafName({ path }: Culprit): string | undefined {
  return path[path.length - 1]?.name
}

/** Alike by the reason that the message begins with; what follows may name the pod itself. */
function isAlike(a: Culprit, b: Culprit): boolean {
  return a.status === b.status && reasonOf(a.message) === reasonOf(b.message)
}

function reasonOf(message: string): string | undefined {
  return message.replace(/^container [^:]*: /, '').split(': ', 1)[0]
}

/** Old ReplicaSets are on their way out; what is being deleted explains nothing, unless there is nothing else. */
function relevant(children: KubeObject[]): KubeObject[] {
  const staying = children.filter((child) => !child.metadata.deletionTimestamp)
  const sets = staying.filter((child) => child.kind === 'ReplicaSet')
  const newest = Math.max(...sets.map(rolloutOf))
  const current = staying.filter((child) => child.kind !== 'ReplicaSet' || rolloutOf(child) === newest)
  return current.filter((child) => child.kind !== 'ReplicaSet' || numberAt(fieldsAt(child, 'spec'), 'replicas') > 0)
}

function rolloutOf(replicaSet: KubeObject): number {
  const { annotations = {} } = replicaSet.metadata
  return Number(annotations['deployment.kubernetes.io/revision'] ?? annotations['rollout.argoproj.io/revision'] ?? 0)
}

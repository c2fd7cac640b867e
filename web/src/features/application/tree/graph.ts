/** The tree that is drawn: the application, what it declares, and what that owns, each with all that a node says. Pure. */
import type { Application, ApplicationTree, ResourceDiff, ResourceNode } from '../../../lib/api.ts'
import { type ResourceAddress, resourceParameter } from '../../../lib/paths.ts'
import type { ResourceStatus } from '../data/facts.ts'
import { compareNodes } from './node-order.ts'
import { type Progress, progressOf, type SyncProgress, syncProgress } from './sync-progress.ts'

export interface GraphNode {
  /** Unique in the graph; of a resource, its address. */
  id: string
  type: 'application' | 'resource' | 'pods' | 'fold' | 'address' | 'orphans'
  kind: string
  name: string
  /** Of the resource, for its panel. */
  address?: Required<ResourceAddress>
  health?: string
  sync?: string
  /** Why it is not as it should be, in the server's words. */
  reason?: string
  /** Git declares it, or it is a hook; what is not was made by the cluster. */
  isDeclared: boolean
  /** Git declares it, and it is not there. */
  isMissing: boolean
  /** Git no longer declares it: a sync with pruning deletes it. */
  isPruned: boolean
  /** It stands in the namespace of the application, and no application declares it. */
  isOrphaned?: boolean
  hook?: { type: string; phase: string | undefined }
  progress?: Progress
  /** What a sync does together: its phase and wave. */
  wave?: string
  createdAt?: string
  node?: ResourceNode
  drift?: ResourceDiff
  children: GraphNode[]
  /** Of `pods`: each of them. Of `fold`: what is folded away, also in `children`. */
  members?: GraphNode[]
  /** Of `address`: where it leads. */
  href?: string
}

export interface GraphInput {
  application: Application
  tree: ApplicationTree
  managed: ResourceDiff[] | undefined
}

export function graphOf({ application, tree, managed = [] }: GraphInput): GraphNode {
  const { status = {}, metadata } = application
  const facts: Facts = {
    statuses: new Map((status.resources ?? []).map((one) => [resourceParameter(one), one])),
    diffs: new Map(managed.map((one) => [resourceParameter(one), one])),
    sync: syncProgress(application),
  }
  const nodes = tree.nodes.map((node) => graphNode(node, facts))
  const roots = linked(nodes)
  return {
    id: '',
    type: 'application',
    kind: 'Application',
    name: metadata.name,
    ...(status.health?.status && { health: status.health.status }),
    ...(status.sync?.status && { sync: status.sync.status }),
    isDeclared: true,
    isMissing: false,
    isPruned: false,
    children: roots.sort(compareNodes).map(withPodStrips),
  }
}

/** What no application declares, below a node of its own; undefined where there is none, or nobody looks for it. */
export function orphanGraph({ orphanedNodes }: ApplicationTree): GraphNode | undefined {
  if (orphanedNodes.length === 0) return undefined
  const facts: Facts = { statuses: new Map(), diffs: new Map(), sync: noSync }
  const nodes = orphanedNodes.map((node) => ({ ...graphNode(node, facts), isOrphaned: true }))
  const children = linked(nodes).sort(compareNodes).map(withPodStrips)
  return {
    id: '#orphans',
    type: 'orphans',
    kind: 'Orphaned',
    name: '',
    isDeclared: false,
    isMissing: false,
    isPruned: false,
    isOrphaned: true,
    children,
  }
}

const noSync: SyncProgress = { isRunning: false, asked: undefined, reached: new Map(), hooks: new Map() }

interface Facts {
  statuses: Map<string, ResourceStatus>
  diffs: Map<string, ResourceDiff>
  sync: SyncProgress
}

function graphNode(node: ResourceNode, { statuses, diffs, sync }: Facts): GraphNode {
  const { group = '', kind = '', namespace = '', name = '' } = node
  const id = resourceParameter(node)
  const status = statuses.get(id)
  const drift = diffs.get(id)
  const hook = sync.hooks.get(id)
  const progress = progressOf(sync, id, status)
  const health = node.health?.status ?? status?.health?.status
  const isMissing = node.uid === undefined
  const isPruned = status?.requiresPruning === true
  const reason = reasonOf(node, status, drift)
  return {
    id,
    type: 'resource',
    kind,
    name,
    address: { group, kind, namespace, name },
    ...(health && { health }),
    ...(status?.status && { sync: status.status }),
    ...(reason && { reason }),
    isDeclared: (status !== undefined && !isPruned) || hook !== undefined || status?.hook === true,
    isMissing,
    isPruned,
    ...(hook && { hook }),
    ...(progress && { progress }),
    ...(status && { wave: String(status.syncWave ?? 0) }),
    ...(hook && { wave: hook.type }),
    ...(node.createdAt && { createdAt: node.createdAt }),
    node,
    ...(drift && { drift }),
    children: [],
  }
}

const calmReasons = ['Running', 'Completed', 'Succeeded']

function reasonOf(node: ResourceNode, status: ResourceStatus | undefined, drift: ResourceDiff | undefined) {
  const health = node.health ?? status?.health
  if (health?.message && health.status !== 'Healthy') return health.message
  const word = node.info?.find(({ name }) => name === 'Status Reason')?.value
  if (word && !calmReasons.includes(word)) return word
  if (drift?.message) return drift.message
  const [first, ...more] = drift?.drift ?? []
  if (!first || status?.status === 'Synced') return undefined
  return `${first.path} ${valueText(first.desired)} → ${valueText(first.live)}${more.length > 0 ? ` +${more.length}` : ''}`
}

const longestValue = 24

export function valueText(value: unknown): string {
  const text = value === undefined ? '–' : typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text
}

/** Hangs each node below the first of its parents that is there; answers those without one. */
function linked(nodes: GraphNode[]): GraphNode[] {
  const byUid = new Map(nodes.flatMap((one) => (one.node?.uid ? [[one.node.uid, one] as const] : [])))
  const parentOf = new Map<GraphNode, GraphNode>()
  for (const one of nodes) {
    const parent = (one.node?.parentRefs ?? []).map(({ uid }) => byUid.get(uid ?? '')).find((found) => found)
    if (parent && !isBelow(parent, one, parentOf)) parentOf.set(one, parent)
  }
  for (const [child, parent] of parentOf) parent.children.push(child)
  return nodes.filter((one) => !parentOf.has(one))
}

/** Owners in a circle are none: somebody may have written that. */
function isBelow(node: GraphNode, possible: GraphNode, parentOf: Map<GraphNode, GraphNode>): boolean {
  for (let at: GraphNode | undefined = node; at; at = parentOf.get(at)) if (at === possible) return true
  return false
}

/** Several Pods of one owner are one node with a square for each. */
function withPodStrips(node: GraphNode): GraphNode {
  const children = node.children.sort(compareNodes).map(withPodStrips)
  const pods = children.filter(isPod)
  if (pods.length < 2) return { ...node, children }
  const others = children.filter((child) => !isPod(child))
  return { ...node, children: [podStrip(node.id, pods), ...others] }
}

function isPod({ address, children }: GraphNode): boolean {
  return address?.group === '' && address.kind === 'Pod' && children.length === 0
}

export function podStrip(ownerId: string, pods: GraphNode[]): GraphNode {
  const worst = worstOf(pods)
  return {
    id: `${ownerId}#pods`,
    type: 'pods',
    kind: 'Pod',
    name: '',
    ...(worst?.health && { health: worst.health }),
    ...(worst?.reason && { reason: worst.reason }),
    isDeclared: false,
    isMissing: false,
    isPruned: false,
    children: [],
    members: pods,
  }
}

const fromBest = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Unknown', 'Degraded']

export function worstOf(nodes: GraphNode[]): GraphNode | undefined {
  let worst: GraphNode | undefined
  const rank = ({ health = 'Healthy' }: GraphNode) => fromBest.indexOf(health)
  for (const node of nodes) if (!worst || rank(node) > rank(worst)) worst = node
  return worst
}

/** Neither wrong nor about to change: may be folded away. */
export function isCalm({ health = 'Healthy', sync = 'Synced', isMissing, isPruned, progress }: GraphNode): boolean {
  const isWell = health === 'Healthy' || health === 'Suspended'
  return isWell && sync === 'Synced' && !isMissing && !isPruned && progress !== 'running' && progress !== 'failed'
}

/** Each node, owners first; the members of strips and folds in their place. */
export function* allNodes(node: GraphNode): Generator<GraphNode> {
  yield node
  for (const member of node.type === 'pods' ? (node.members ?? []) : []) yield* allNodes(member)
  for (const child of node.children) yield* allNodes(child)
}

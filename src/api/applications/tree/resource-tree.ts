/** Objects with everything that they own, as nodes that name their parents. */
import type { ResourceNode, ResourceRef } from '../../../contract/resource-tree-kinds.ts'
import type { LiveCluster, LiveObject } from '../../../live/index.ts'
import {
  groupOf,
  type Health,
  keyText,
  type OwnerReference,
  type ResourceKey,
  versionOf,
} from '../../../model/index.ts'
import { nodeFacts } from './node-facts.ts'

export interface TreeContext {
  live: Pick<LiveCluster, 'children' | 'scope'>
  healthOf(object: LiveObject): Health | undefined
  /** What the project does not permit is left out, with what it owns. */
  permits(key: ResourceKey): boolean
  /** Labels whose values are told. */
  customLabels: string[]
}

export interface TreeNode {
  node: ResourceNode
  live: LiveObject
}

/** Each object once, whatever ways lead to it; owners before what they own. */
export function treeOf(roots: LiveObject[], context: TreeContext): TreeNode[] {
  const found = new Map<string, TreeNode>()
  const visit = (object: LiveObject, parent?: LiveObject) => {
    if (found.has(object.uid) || !context.permits(object.key)) return
    found.set(object.uid, { live: object, node: nodeOf(object, parent, context) })
    for (const child of context.live.children(object.uid).sort(byKey)) visit(child, object)
  }
  for (const root of roots) visit(root)
  return [...found.values()]
}

/** A node without uid: Git declares it, and it is not there. */
export function missingNode({ group, kind, namespace, name }: ResourceKey, version: string): ResourceNode {
  return { ...refOf({ group, version, kind, namespace, name }), health: { status: 'Missing' } }
}

function byKey(one: LiveObject, other: LiveObject): number {
  return keyText(one.key) < keyText(other.key) ? -1 : 1
}

function nodeOf(object: LiveObject, parent: LiveObject | undefined, context: TreeContext): ResourceNode {
  const { version, owners, labels, info, images, networkingInfo, createdAt } = nodeFacts(object)
  const parents = parentRefs(object, { owners, parent, live: context.live })
  const health = context.healthOf(object)
  const custom = context.customLabels.filter((name) => Object.hasOwn(labels, name))
  const told = [...info, ...custom.map((name) => ({ name, value: labels[name] ?? '' }))]
  return {
    ...refOf({ ...object.key, version, uid: object.uid }),
    ...(parents.length > 0 && { parentRefs: parents }),
    ...(told.length > 0 && { info: told }),
    ...(networkingInfo && { networkingInfo }),
    resourceVersion: object.resourceVersion,
    ...(images.length > 0 && { images }),
    ...(health && { health: { status: health.status, ...(health.message && { message: health.message }) } }),
    ...(createdAt && { createdAt }),
  }
}

interface Parents {
  owners: OwnerReference[]
  /** Where the walk came from; no reference may say so, as with the claims of a StatefulSet. */
  parent: LiveObject | undefined
  live: TreeContext['live']
}

function parentRefs(child: LiveObject, { owners, parent, live }: Parents): ResourceRef[] {
  const refs = owners.map(({ apiVersion, kind, name, uid }) => {
    const group = groupOf(apiVersion)
    const namespace = live.scope(group, kind) === 'Cluster' ? '' : child.key.namespace
    return refOf({ group, version: versionOf(apiVersion), kind, namespace, name, uid })
  })
  if (!parent || owners.some(({ uid }) => uid === parent.uid)) return refs
  return [...refs, refOf({ ...parent.key, version: nodeFacts(parent).version, uid: parent.uid })]
}

/** What is empty is left out, as in Argo CD. */
function refOf(ref: ResourceRef): ResourceRef {
  return Object.fromEntries(Object.entries(ref).filter(([, text]) => text !== ''))
}

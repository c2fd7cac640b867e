/** The Pods of a tree that are meant: by themselves, or by something that owns them. Pure. */
import type { ResourceNode } from '../../../contract/resource-tree-kinds.ts'

export interface PodSelection {
  group?: string
  kind?: string
  namespace?: string
  resourceName?: string
  podName?: string
}

export interface SelectedPod {
  namespace: string
  name: string
}

export function selectedPods(nodes: ResourceNode[], selection: PodSelection): SelectedPod[] {
  const { podName } = selection
  const wanted = podName ? { ...selection, kind: 'Pod', resourceName: podName } : selection
  const byUid = new Map(nodes.map((node) => [node.uid, node]))
  const known = new Map<string, boolean>()

  function isMeant(node: ResourceNode): boolean {
    const uid = node.uid ?? ''
    const before = known.get(uid)
    if (before !== undefined) return before
    // Owners may form a circle.
    known.set(uid, false)
    const answer = matches(node, wanted) || parentsOf(node).some(isMeant)
    known.set(uid, answer)
    return answer
  }

  function parentsOf({ parentRefs = [] }: ResourceNode): ResourceNode[] {
    return parentRefs.flatMap(({ uid }) => byUid.get(uid) ?? [])
  }

  return nodes
    .filter(({ group = '', kind, uid }) => group === '' && kind === 'Pod' && uid !== undefined)
    .filter(isMeant)
    .map(({ namespace = '', name = '' }) => ({ namespace, name }))
}

function matches(node: ResourceNode, { group, kind, namespace, resourceName }: PodSelection): boolean {
  return (
    (!resourceName || node.name === resourceName) &&
    (!kind || node.kind === kind) &&
    (!group || (node.group ?? '') === group) &&
    (!namespace || (node.namespace ?? '') === namespace)
  )
}

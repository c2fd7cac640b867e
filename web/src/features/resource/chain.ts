/** Where an object stands in its tree: what it belongs to, what it owns, and which of that keeps it from being well. Pure. */
import type { ResourceNode } from '../../lib/api.ts'
import type { ObjectAddress } from './queries/object-address.ts'

export function findNode(nodes: ResourceNode[], address: ObjectAddress): ResourceNode | undefined {
  return nodes.find(
    ({ group = '', kind, namespace = '', name }) =>
      group === address.group && kind === address.kind && namespace === address.namespace && name === address.name,
  )
}

function isChildOf(child: ResourceNode, parent: ResourceNode): boolean {
  return (child.parentRefs ?? []).some((ref) =>
    ref.uid && parent.uid
      ? ref.uid === parent.uid
      : ref.kind === parent.kind &&
        ref.name === parent.name &&
        (ref.group ?? '') === (parent.group ?? '') &&
        (ref.namespace ?? '') === (parent.namespace ?? ''),
  )
}

/** From what Git declares down to its owner. */
export function ownersOf(nodes: ResourceNode[], node: ResourceNode): ResourceNode[] {
  const owners: ResourceNode[] = []
  for (let at: ResourceNode | undefined = node; at; ) {
    const below: ResourceNode = at
    at = nodes.find((one) => one !== below && !owners.includes(one) && isChildOf(below, one))
    if (at) owners.unshift(at)
  }
  return owners
}

export function childrenOf(nodes: ResourceNode[], node: ResourceNode): ResourceNode[] {
  return nodes.filter((one) => one !== node && isChildOf(one, node))
}

/** Everything below it, nearest first. */
export function descendantsOf(nodes: ResourceNode[], node: ResourceNode): ResourceNode[] {
  const found = new Set<ResourceNode>()
  const waiting = [node]
  for (let at = waiting.shift(); at; at = waiting.shift()) {
    for (const child of childrenOf(nodes, at)) {
      if (found.has(child)) continue
      found.add(child)
      waiting.push(child)
    }
  }
  return [...found]
}

/** Worst first. */
const badness = ['Degraded', 'Unknown', 'Missing', 'Progressing', 'Suspended', 'Healthy']

function rank({ health }: ResourceNode): number {
  const at = badness.indexOf(health?.status ?? 'Healthy')
  return at < 0 ? badness.length : at
}

/** What keeps it from being well: from its child down to the last one that has a reason. Empty when it is well. */
export function causesOf(nodes: ResourceNode[], node: ResourceNode): ResourceNode[] {
  const chain: ResourceNode[] = []
  for (let at = node; ; ) {
    const [worst] = childrenOf(nodes, at).sort((one, other) => rank(one) - rank(other))
    const isWorse = worst && rank(worst) < badness.indexOf('Suspended') && !chain.includes(worst)
    if (!isWorse || rank(node) >= badness.indexOf('Suspended')) return chain
    chain.push(worst)
    at = worst
  }
}

export function podsOf(nodes: ResourceNode[], node: ResourceNode): ResourceNode[] {
  return [node, ...descendantsOf(nodes, node)].filter(({ group = '', kind }) => group === '' && kind === 'Pod')
}

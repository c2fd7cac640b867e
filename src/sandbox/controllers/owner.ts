/** Owner references: which objects are a workload's own, which it may adopt, which it lets go. */
import type { KubeObject, OwnerReference } from '../object.ts'
import type { ControllerClient } from './controller.ts'
import type { Informer } from './informer.ts'
import { type LabelSelector, selects } from './selector.ts'

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller)
}

/** The reference by which `owner` controls another object. */
export function ownerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}

function withOwners<T extends KubeObject>(object: T, ownerReferences: OwnerReference[]): T {
  const { ownerReferences: _, ...metadata } = object.metadata
  return { ...object, metadata: ownerReferences.length > 0 ? { ...metadata, ownerReferences } : metadata }
}

export interface Claim<T extends KubeObject> {
  owner: KubeObject
  selector: LabelSelector
  children: Informer<T>
}

/**
 * The objects that `owner` controls: those that carry its reference and still match (others are let go), and matching
 * ones without a controller, which it adopts.
 */
export function claimChildren<T extends KubeObject>(client: ControllerClient, claim: Claim<T>): T[] {
  const { owner, selector, children } = claim
  const uid = owner.metadata.uid ?? ''
  const owned = children.ownedBy(uid)
  if (owner.metadata.deletionTimestamp) return owned
  for (const child of owned.filter((candidate) => !selects(selector, candidate.metadata.labels))) {
    const others = child.metadata.ownerReferences?.filter((reference) => reference.uid !== uid) ?? []
    client.update(children.resource, withOwners(child, others))
  }
  const adoptable = [...children.orphansIn(owner.metadata.namespace ?? '')].filter(
    (orphan) => !orphan.metadata.deletionTimestamp && selects(selector, orphan.metadata.labels),
  )
  for (const orphan of adoptable) {
    client.update(
      children.resource,
      withOwners(orphan, [...(orphan.metadata.ownerReferences ?? []), ownerReference(owner)]),
    )
  }
  return children.ownedBy(uid)
}

/** Ownership that follows from names where Kubernetes writes no owner reference. */
import { type KubeObject, keyText, type ResourceKey } from '../model/index.ts'

/** What an object owns when a key, not a uid, says so. */
export function ownerByKey(key: ResourceKey): string {
  return `key:${keyText(key)}`
}

/** Owners that the object may have by its name; `isOwnedBy` tells whether it has. */
export function inferOwners({ group, kind, namespace, name }: ResourceKey): ResourceKey[] {
  if (group !== '') return []
  if (kind === 'Endpoints') return [{ group: '', kind: 'Service', namespace, name }]
  if (kind === 'PersistentVolumeClaim') return claimOwners(namespace, name)
  return []
}

/** The claim of a template is named `<template>-<StatefulSet>-<ordinal>`, and all three may contain dashes. */
function claimOwners(namespace: string, name: string): ResourceKey[] {
  const parts = name.split('-')
  if (parts.length < 3 || !/^\d+$/.test(parts.at(-1) ?? '')) return []
  const sets = parts.slice(1, -1).map((_, index) => parts.slice(index + 1, -1).join('-'))
  return sets.map((set) => ({ group: 'apps', kind: 'StatefulSet', namespace, name: set }))
}

export function isOwnedBy(child: ResourceKey, owner: KubeObject): boolean {
  if (owner.kind !== 'StatefulSet') return true
  const { volumeClaimTemplates = [] } = (owner.spec ?? {}) as { volumeClaimTemplates?: KubeObject[] }
  return volumeClaimTemplates.some(({ metadata }) => {
    const prefix = `${metadata.name}-${owner.metadata.name}-`
    return child.name.startsWith(prefix) && /^\d+$/.test(child.name.slice(prefix.length))
  })
}

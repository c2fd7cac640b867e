/** Warnings of finalizers that are not named after a domain. */
import { qualifiedName } from '../kinds/name-rules.ts'
import type { KubeObject } from '../object.ts'

const standard = new Set(['orphan', 'foregroundDeletion', 'kubernetes'])

/** One or more warnings a finalizer that is new on `object`, by name. */
export function finalizerWarnings(object: KubeObject, old?: KubeObject): string[] {
  const before = old?.metadata.finalizers ?? []
  const added = [...new Set(object.metadata.finalizers ?? [])].filter((name) => !before.includes(name))
  return added.sort().flatMap((name) => {
    const faults = qualifiedName(name)
    if (!name.includes('/') && !standard.has(name)) faults.push(advice(name))
    return faults.map((fault) => `metadata.finalizers: ${JSON.stringify(name)}: ${fault}`)
  })
}

function advice(name: string): string {
  const path = name.includes('.') ? ' including a path (/)' : ''
  return `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`
}

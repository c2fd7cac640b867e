/** The Namespace that `CreateNamespace=true` adds to a sync. */
import type { KubeObject } from '../model/index.ts'

export interface NamespaceMetadata {
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

/** What has to be applied so that the namespace exists with the given metadata; undefined: nothing. */
export function managedNamespace(
  name: string,
  live: KubeObject | undefined,
  { labels, annotations }: NamespaceMetadata = {},
): KubeObject | undefined {
  if (live && holds(live.metadata.labels, labels) && holds(live.metadata.annotations, annotations)) return undefined
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
  }
}

function holds(live: Record<string, string> = {}, wanted: Record<string, string> = {}): boolean {
  return Object.entries(wanted).every(([name, value]) => live[name] === value)
}

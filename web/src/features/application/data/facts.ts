/** What can be read off an Application: its sources, its switches, what is under way. Pure. */
import type { Application } from '../../../lib/api.ts'

export type Source = NonNullable<Application['spec']['source']>
export type HistoryEntry = NonNullable<NonNullable<Application['status']>['history']>[number]
export type OperationState = NonNullable<NonNullable<Application['status']>['operationState']>
export type ResourceStatus = NonNullable<NonNullable<Application['status']>['resources']>[number]
export type Phase = OperationState['phase']

/** `sources` wins over `source`, as in Argo CD. */
export function sourcesOf({ source, sources }: Pick<HistoryEntry, 'source' | 'sources'>): Source[] {
  return sources?.length ? sources : source ? [source] : []
}

/** Of each source the revision that is wanted now. */
export function wantedRevisions({ status }: Application): string[] {
  const { revisions, revision } = status?.sync ?? {}
  return revisions?.length ? revisions : revision ? [revision] : []
}

/** Of each source the revision that was deployed last. */
export function deployedRevisions(entry: HistoryEntry | undefined): string[] {
  const { revisions, revision } = entry ?? {}
  return revisions?.length ? revisions : revision ? [revision] : []
}

export function lastDeployment({ status }: Application): HistoryEntry | undefined {
  return status?.history?.at(-1)
}

/** `automated` without `enabled` means enabled. */
export function isAutomated({ spec }: Application): boolean {
  const automated = spec.syncPolicy?.automated
  return automated !== undefined && automated !== null && automated.enabled !== false
}

export function isUnderWay({ operation, status }: Application): boolean {
  const phase = status?.operationState?.phase
  return operation !== undefined || phase === 'Running' || phase === 'Terminating'
}

const pinAnnotation = 'tiphys.dev/pin'

export interface Pin {
  /** Of the history entry that it stays at. */
  id: number
  by: string
  at: string
}

export function pinOf({ metadata }: Application): Pin | undefined {
  try {
    const { id, by, at } = JSON.parse(metadata.annotations?.[pinAnnotation] ?? '') as Partial<Pin>
    return typeof id === 'number' ? { id, by: String(by ?? ''), at: String(at ?? '') } : undefined
  } catch {
    return undefined
  }
}

export function isCommit(revision: string | undefined): revision is string {
  return revision !== undefined && /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(revision)
}

export function shortRevision(revision: string): string {
  return isCommit(revision) ? revision.slice(0, 7) : revision
}

/** What a sync would do: how many objects it changes or makes, and how many of them it prunes. */
export function pendingChanges({ status }: Application): { changes: number; prunes: number } {
  const pending = (status?.resources ?? []).filter((one) => one.status === 'OutOfSync')
  return { changes: pending.length, prunes: pending.filter((one) => one.requiresPruning).length }
}

export function placeOf({ spec }: Application): { cluster: string; namespace: string } {
  const { name, server, namespace = '' } = spec.destination ?? {}
  return { cluster: name || server || '', namespace }
}

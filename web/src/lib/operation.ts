/** Whether something is done to an application, and what is deployed, as people write it. Pure. */
import type { Application } from './api.ts'

export function isUnderWay({ operation, status }: Pick<Application, 'operation' | 'status'>): boolean {
  const phase = status?.operationState?.phase
  return operation !== undefined || phase === 'Running' || phase === 'Terminating'
}

/** Versions count up, on every server that there is. */
export function newer(one: Application, other: Application | undefined): Application {
  if (!other) return one
  return Number(other.metadata.resourceVersion) > Number(one.metadata.resourceVersion) ? other : one
}

/** Of a commit as people write it. */
export function shortRevision(revision: string): string {
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision
}

export function revisionsOf({ revision, revisions }: { revision?: string; revisions?: string[] }): string[] {
  return revisions?.length ? revisions : revision ? [revision] : []
}

/** One application as the list shows it: which fields are asked for, and what is read from them. Pure. */
import type { Application } from '../../../lib/api.ts'

export type Row = Application

const source = (prefix: string) => ['repoURL', 'path', 'chart', 'targetRevision'].map((name) => `${prefix}.${name}`)

/** Few: a row is some hundred bytes, and an event is told only when one of these has changed. */
export const rowFields = [
  ...['name', 'namespace', 'labels', 'creationTimestamp', 'deletionTimestamp'].map((name) => `metadata.${name}`),
  'spec.project',
  'spec.destination',
  ...source('spec.source'),
  ...source('spec.sources'),
  'spec.syncPolicy.automated',
  'operation.initiatedBy',
  'status.sync.status',
  'status.sync.revision',
  'status.sync.revisions',
  'status.health.status',
  'status.conditions.type',
  ...['phase', 'startedAt', 'finishedAt'].map((name) => `status.operationState.${name}`),
]

export function keyOf({ metadata }: Row): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

export function sourcesOf({ spec }: Row) {
  if (spec.sources && spec.sources.length > 0) return spec.sources
  return spec.source ? [spec.source] : []
}

export function clusterOf({ spec }: Row): string {
  return spec.destination?.name || spec.destination?.server || ''
}

export function isAutomated({ spec }: Row): boolean {
  const automated = spec.syncPolicy?.automated
  return automated !== undefined && automated.enabled !== false
}

export function lastSyncOf({ status }: Row): string | undefined {
  return status?.operationState?.finishedAt ?? status?.operationState?.startedAt
}

export function revisionOf({ status }: Row): string | undefined {
  return status?.sync?.revision || status?.sync?.revisions?.[0]
}

/** Commits are known by their first letters; versions of charts are short by themselves. */
export function shortRevision(revision: string): string {
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision.slice(0, 16)
}

/** Such as `shop` of `https://git.example.com/team/shop.git`. */
export function repositoryName(url: string): string {
  return (
    url
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .split(/[/:]/)
      .at(-1) || url
  )
}

/** Rights are about this name: with the namespace only where it is not the usual one. */
export function rightsObject({ metadata, spec }: Row, controlNamespace: string | undefined): string {
  const project = spec.project || 'default'
  const isUsual = !metadata.namespace || !controlNamespace || metadata.namespace === controlNamespace
  return isUsual ? `${project}/${metadata.name}` : `${project}/${metadata.namespace}/${metadata.name}`
}

/** What a request for a sync asks for: the rights that it needs, the operation that it comes to, and what forbids it. Pure. */
import type { BodyOf, routes } from '../../contract/index.ts'
import { type Application, isAutomated, sourcesOf } from '../../model/index.ts'
import type { SyncRequest } from '../../operation/index.ts'
import { ApiError } from '../api-error.ts'
import { type WithoutNulls, withoutNulls } from '../without-nulls.ts'

type SentBody = BodyOf<typeof routes.applications.sync>
export type SyncBody = Omit<WithoutNulls<SentBody>, 'syncOptions'> & { syncOptions?: { items?: string[] } }

export function readSync(body: SentBody): SyncBody {
  const { syncOptions, ...rest } = withoutNulls(body)
  return {
    ...rest,
    ...(syncOptions && { syncOptions: Array.isArray(syncOptions) ? { items: syncOptions } : syncOptions }),
  }
}

export interface SyncSettings {
  /** `application.sync.requireOverridePrivilegeForRevisionSync` of argocd-cm. */
  revisionNeedsOverride: boolean
  /** `server.sync.replace.allowed` of argocd-cmd-params-cm. */
  replaceAllowed: boolean
}

/** Besides `sync`: what is asked for beyond what the application declares. */
export function syncRights(application: Application, body: SyncBody, settings: SyncSettings): string[] {
  const { apply, hook } = body.strategy ?? {}
  const added = addedOptions(application, body)
  const needs: [boolean | undefined, string][] = [
    [body.prune, 'sync/prune'],
    [apply?.force || hook?.force || added.includes('Force=true'), 'sync/force'],
    [added.includes('Replace=true'), 'sync/replace'],
    [isLocal(body), 'override'],
    [settings.revisionNeedsOverride && otherRevisions(application, body).length > 0, 'override'],
  ]
  return [...new Set(needs.flatMap(([needed, action]) => (needed ? [action] : [])))]
}

function addedOptions({ spec }: Application, { syncOptions }: SyncBody): string[] {
  const own = trimmed(spec.syncPolicy?.syncOptions)
  return trimmed(syncOptions?.items).filter((option) => !own.includes(option))
}

function trimmed(options: string[] = []): string[] {
  return options.map((option) =>
    option
      .split('=')
      .map((part) => part.trim())
      .join('='),
  )
}

export function isLocal({ manifests = [] }: SyncBody): boolean {
  return manifests.length > 0
}

/** Throws FailedPrecondition, or InvalidArgument. */
export function checkSync(application: Application, body: SyncBody, settings: SyncSettings): void {
  const automated = isAutomated(application.spec) && !body.dryRun && !body.preflightOnly
  const options = trimmed(body.syncOptions?.items ?? application.spec.syncPolicy?.syncOptions)
  if (application.metadata.deletionTimestamp) throw unmet('application is deleting')
  if (sourcesOf(application.spec).length === 0) throw unmet('the application has no source to sync from')
  if (isLocal(body) && automated) {
    throw unmet('cannot use local sync when Automatic Sync Policy is enabled unless for dry run')
  }
  const [other] = otherRevisions(application, body)
  if (other && automated) throw unmet(`Cannot sync to ${other.wanted}: auto-sync currently set to ${other.declared}`)
  if (options.includes('Replace=true') && !settings.replaceAllowed) {
    throw unmet('sync with replace was disabled on the API Server level via the server configuration')
  }
}

export function unmet(message: string): ApiError {
  return new ApiError('FailedPrecondition', message)
}

/** Revisions that are not those that the sources name. */
function otherRevisions({ spec }: Application, body: SyncBody): { wanted: string; declared: string }[] {
  const sources = sourcesOf(spec)
  const wanted = revisionsOf(sources.length, body)
  return sources.flatMap(({ targetRevision }, index) => {
    const declared = targetRevision || 'HEAD'
    const revision = wanted[index]
    return revision && revision !== declared ? [{ wanted: revision, declared }] : []
  })
}

/** One for each source; '' for that which the source names. */
function revisionsOf(count: number, { revision = '', revisions = [], sourcePositions = [] }: SyncBody): string[] {
  if (sourcePositions.length === 0) return count === 1 ? [revision] : []
  const wanted = Array.from({ length: count }, () => '')
  for (const [index, given] of sourcePositions.entries()) {
    const position = Number(given)
    if (position < 1 || position > count) throw new ApiError('InvalidArgument', 'source position is out of range')
    wanted[position - 1] = revisions[index] ?? ''
  }
  return wanted
}

export function syncRequest({ spec }: Application, body: SyncBody): SyncRequest {
  const { prune, dryRun, preflightOnly, resources, manifests, strategy, syncOptions, retryStrategy, infos } = body
  const wanted = revisionsOf(sourcesOf(spec).length, body)
  const several = (spec.sources?.length ?? 0) > 0
  return {
    ...(several ? wanted.some((one) => one !== '') && { revisions: wanted } : { revision: wanted[0] }),
    ...{ prune, dryRun, preflightOnly, resources, manifests },
    ...(strategy && { syncStrategy: strategy }),
    ...(syncOptions && { syncOptions: syncOptions.items ?? [] }),
    ...(retryStrategy && { retry: retryStrategy }),
    ...(infos && { info: infos }),
  }
}

/** Such as `initiated partial sync to main`. */
export function describeSync(application: Application, body: SyncBody): string {
  const partial = body.resources?.length ? 'partial ' : ''
  const kind = body.preflightOnly ? 'preflight' : body.dryRun ? 'dry run' : 'sync'
  if (isLocal(body)) return `initiated ${partial}${kind} locally`
  const sources = sourcesOf(application.spec)
  const wanted = revisionsOf(sources.length, body)
  const revisions = sources.map(({ targetRevision }, index) => wanted[index] || targetRevision || 'HEAD')
  return `initiated ${partial}${kind} to ${revisions.join(',')}`
}

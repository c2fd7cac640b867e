/** What `app sync` asks for, and how it goes. */
import { isNewer } from '../../kube/resource-version.ts'
import { type Application, sourcesOf } from '../../model/index.ts'
import type { SyncRequest } from '../../operation/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { pair } from '../words.ts'
import type { Applications } from './applications.ts'
import { retryOf } from './flags.ts'
import { parseResource } from './resource-name.ts'
import { positionOf } from './source-flags.ts'
import { waitFor } from './wait.ts'

export interface RevisionFlags {
  revision?: string
  revisions?: string[]
  sourcePositions?: number[]
  sourceNames?: string[]
}

export interface SyncFlags extends RevisionFlags {
  prune?: boolean
  dryRun?: boolean
  preflightOnly?: boolean
  force?: boolean
  applyOnly?: boolean
  strategy?: 'apply' | 'hook'
  replace?: boolean
  serverSide?: boolean
  applyOutOfSyncOnly?: boolean
  resource?: string[]
  syncOption?: string[]
  info?: string[]
  retryLimit?: number
  retryRefresh?: boolean
  retryBackoffDuration?: string
  retryBackoffMaxDuration?: string
  retryBackoffFactor?: number
}

export function syncRequest(application: Application, flags: SyncFlags): SyncRequest {
  const { force = false, resource, info, prune, dryRun, preflightOnly } = flags
  const options = addedOptions(flags)
  const retry = retryOf(application.spec.syncPolicy?.retry, {
    limit: flags.retryLimit,
    refresh: flags.retryRefresh,
    duration: flags.retryBackoffDuration,
    maxDuration: flags.retryBackoffMaxDuration,
    factor: flags.retryBackoffFactor,
  })
  const isApply = flags.applyOnly || flags.strategy === 'apply'
  return {
    ...revisionsOf(application, flags),
    ...(prune && { prune }),
    ...(dryRun && { dryRun }),
    ...(preflightOnly && { preflightOnly }),
    syncStrategy: isApply ? { apply: { force } } : { hook: { force } },
    ...(options.length > 0 && { syncOptions: [...(application.spec.syncPolicy?.syncOptions ?? []), ...options] }),
    ...(resource && { resources: resource.map(parseResource) }),
    ...(info && { info: info.map(pair) }),
    ...(retry && retry !== application.spec.syncPolicy?.retry && { retry }),
  }
}

function addedOptions({ syncOption = [], replace, serverSide, applyOutOfSyncOnly }: SyncFlags): string[] {
  return [
    ...syncOption,
    ...(replace ? ['Replace=true'] : []),
    ...(serverSide ? ['ServerSideApply=true'] : []),
    ...(applyOutOfSyncOnly ? ['ApplyOutOfSyncOnly=true'] : []),
  ]
}

/** Each of `--revisions` is for the source at the same place of `--source-positions` or `--source-names`. */
export function revisionsOf({ spec }: Application, flags: RevisionFlags): { revision?: string; revisions?: string[] } {
  const { revision, revisions, sourcePositions, sourceNames } = flags
  if (!revisions) return revision === undefined ? {} : { revision }
  const chosen =
    sourceNames?.map((sourceName) => ({ sourceName })) ??
    sourcePositions?.map((sourcePosition) => ({ sourcePosition })) ??
    []
  if (chosen.length !== revisions.length) {
    throw new CommandError('give as many --source-positions or --source-names as --revisions', { code: exitCode.usage })
  }
  const sources = sourcesOf(spec)
  const wanted = sources.map(() => '')
  for (const [index, choice] of chosen.entries()) wanted[positionOf(sources, choice) ?? 0] = revisions[index] ?? ''
  return { revisions: wanted }
}

/** Resolves when the operation that was put on the application has ended; throws when it did not succeed. */
export async function operationEnd(
  applications: Applications,
  name: string,
  { started, timeout, onProgress }: { started: Application; timeout: number; onProgress(message: string): void },
): Promise<Application> {
  let last = ''
  const since = started.metadata.resourceVersion ?? ''
  const done = await waitFor(
    applications,
    name,
    ({ operation, status, metadata }) =>
      // What a cache answers may be older than the operation.
      operation === undefined &&
      status?.operationState?.finishedAt !== undefined &&
      (metadata.resourceVersion === since || isNewer(metadata.resourceVersion ?? '', since)),
    {
      timeout,
      onChange({ status }) {
        const message = status?.operationState?.message ?? ''
        if (message !== '' && message !== last) onProgress(message)
        last = message
      },
    },
  )
  const state = done.status?.operationState
  if (state?.phase !== 'Succeeded') {
    const failures = (state?.syncResult?.resources ?? []).filter(
      (r) => r.status === 'SyncFailed' || r.hookPhase === 'Failed',
    )
    const lines = failures.map(
      (r) => `\n  ${r.kind} ${r.namespace ? `${r.namespace}/` : ''}${r.name}: ${r.message ?? ''}`,
    )
    throw new CommandError(`sync of ${name} ${state?.phase.toLowerCase()}: ${state?.message ?? ''}${lines.join('')}`)
  }
  return done
}

/** Operations: what `app sync` asks for, how it is asked for, and how it goes. */
import { type Application, type Operation, type SyncOperationResource, sourcesOf } from '../../model/index.ts'
import * as operations from '../../operation/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import type { Applications } from './applications.ts'
import { waitFor } from './wait.ts'

export interface SyncFlags {
  revision?: string
  prune?: boolean
  dryRun?: boolean
  preflightOnly?: boolean
  force?: boolean
  applyOnly?: boolean
  replace?: boolean
  resource?: string[]
  syncOption?: string[]
  retryLimit?: number
}

export function syncOperation({ spec }: Application, flags: SyncFlags, username: string): Operation {
  const { force = false, applyOnly, replace, resource, retryLimit, syncOption = [], ...asked } = flags
  const syncOptions = [...(spec.syncPolicy?.syncOptions ?? []), ...syncOption, ...(replace ? ['Replace=true'] : [])]
  const request = {
    ...asked,
    syncOptions,
    syncStrategy: applyOnly ? { apply: { force } } : { hook: { force } },
    ...(resource && { resources: resource.map(parseResource) }),
    ...(retryLimit !== undefined && { retry: { limit: retryLimit } }),
  }
  return operations.syncOperation(spec, request, username)
}

/** `GROUP:KIND:NAME` or `GROUP:KIND:NAMESPACE/NAME`, with `!` before it to leave the resource out; as in argocd. */
export function parseResource(text: string): SyncOperationResource {
  const exclude = text.startsWith('!')
  const [group, kind, place, ...rest] = (exclude ? text.slice(1) : text).split(':')
  if (group === undefined || !kind || !place || rest.length > 0) {
    throw new CommandError(`${text} is not of the form GROUP:KIND:NAME or GROUP:KIND:NAMESPACE/NAME`, {
      code: exitCode.usage,
    })
  }
  const [name = '', namespace] = place.split('/').reverse()
  return { ...(group && { group }), kind, name, ...(namespace && { namespace }), ...(exclude && { exclude }) }
}

/** Puts the operation on the application; refused while another one is under way. */
export async function startOperation(applications: Applications, name: string, operation: Operation): Promise<Date> {
  const application = await applications.get(name)
  if (operations.isUnderWay(application)) {
    throw new CommandError(
      `another operation of ${name} is under way: wait for it with "tiphys app wait ${name} --operation"`,
    )
  }
  if (sourcesOf(application.spec).length === 0) throw new CommandError(`${name} has no source to sync from`)
  const asked = new Date()
  await applications.patch(name, { operation })
  return asked
}

/** Resolves when the operation asked for at that time has ended; throws when it did not succeed. */
export async function operationEnd(
  applications: Applications,
  name: string,
  { asked, timeout, onProgress }: { asked: Date; timeout: number; onProgress(message: string): void },
): Promise<Application> {
  let last = ''
  // Times in status are whole seconds.
  const since = Math.floor(asked.getTime() / 1000) * 1000
  const done = await waitFor(
    applications,
    name,
    ({ operation, status }) => {
      const state = status?.operationState
      return operation === undefined && state?.finishedAt !== undefined && Date.parse(state.startedAt) >= since
    },
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

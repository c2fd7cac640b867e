/** Waiting until an application has come to a state. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Application, ResourceStatus, SyncOperationResource } from '../../model/index.ts'
import { isUnderWay } from '../../operation/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import type { Applications } from './applications.ts'
import { messageText, syncText } from './describe.ts'
import { parseResource } from './resource-name.ts'

export interface WaitOptions {
  /** Seconds; 0 waits without end. */
  timeout: number
  /** Called with each new state seen. */
  onChange?(application: Application): void
}

const pauseMs = 300

export async function waitFor(
  applications: Applications,
  name: string,
  reached: (application: Application) => boolean,
  { timeout, onChange }: WaitOptions,
): Promise<Application> {
  const deadline = timeout > 0 ? Date.now() + timeout * 1000 : Number.POSITIVE_INFINITY
  let version: string | undefined
  for (;;) {
    const application = await applications.get(name)
    if (application.metadata.resourceVersion !== version) {
      version = application.metadata.resourceVersion
      onChange?.(application)
    }
    if (reached(application)) return application
    if (Date.now() >= deadline) {
      const message = messageText(application)
      const state = `${syncText(application)}, ${application.status?.health?.status ?? 'Unknown'}${message ? `, ${message}` : ''}`
      throw new CommandError(`${name} is not there after ${timeout} s: ${state}`, { code: exitCode.negative })
    }
    await sleep(pauseMs)
  }
}

export interface Conditions {
  sync?: boolean
  health?: boolean
  operation?: boolean
  suspended?: boolean
  degraded?: boolean
  /** Only these resources count, as `--resource` of `app sync` names them. */
  resource?: string[]
}

/** What `app wait` waits for; with no flag: Synced, Healthy and no operation under way, as in argocd. */
export function reachedBy(conditions: Conditions): (application: Application) => boolean {
  const { suspended, degraded } = conditions
  const none = !conditions.sync && !conditions.health && !conditions.operation && !suspended && !degraded
  const { sync, health, operation } = none ? { sync: true, health: true, operation: true } : conditions
  const healths = [health && 'Healthy', suspended && 'Suspended', degraded && 'Degraded'].filter(Boolean)
  const isMeant = resourceChoice(conditions.resource)
  return (application) => {
    if (operation && isUnderWay(application)) return false
    const states = isMeant ? statesOf(application, isMeant) : [wholeOf(application)]
    return states.every(
      (state) => (!sync || state.sync === 'Synced') && (healths.length === 0 || healths.includes(state.health)),
    )
  }
}

interface State {
  sync: string
  health: string
}

function wholeOf({ status }: Application): State {
  return { sync: status?.sync?.status ?? '', health: status?.health?.status ?? '' }
}

/** What has no health is as healthy as it can be. */
function statesOf({ status }: Application, isMeant: (resource: ResourceStatus) => boolean): State[] {
  return (status?.resources ?? [])
    .filter(isMeant)
    .map((resource) => ({ sync: resource.status ?? '', health: resource.health?.status ?? 'Healthy' }))
}

function resourceChoice(texts: string[] | undefined): ((resource: ResourceStatus) => boolean) | undefined {
  if (!texts?.length) return undefined
  const choices = texts.map(parseResource)
  const matches = (resource: ResourceStatus, choice: SyncOperationResource) =>
    (choice.group ?? '') === (resource.group ?? '') &&
    choice.kind === resource.kind &&
    choice.name === resource.name &&
    (choice.namespace === undefined || choice.namespace === resource.namespace)
  const [excluded, included] = [choices.filter(({ exclude }) => exclude), choices.filter(({ exclude }) => !exclude)]
  return (resource) =>
    !excluded.some((choice) => matches(resource, choice)) &&
    (included.length === 0 || included.some((choice) => matches(resource, choice)))
}

/** What is wrong with a project before it is stored. Pure. */
import type { AppProject, AppProjectSpec, SyncWindow } from '../../model/index.ts'
import { windowFault } from '../../project/index.ts'
import { ApiError } from '../api-error.ts'
import { validateRoles } from './validate-roles.ts'

/** Throws InvalidArgument, or AlreadyExists for what is there twice. */
export function validateProject({ metadata: { name }, spec }: AppProject): void {
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) {
    throw invalid(`the name ${JSON.stringify(name)} of the project is none that Kubernetes permits`)
  }
  validateDestinations(spec)
  validateSources(spec)
  validateRoles(name, spec.roles ?? [])
  validateWindows(spec.syncWindows ?? [])
  validateServiceAccounts(spec)
}

function validateDestinations({ destinations = [] }: AppProjectSpec): void {
  for (const destination of destinations) {
    for (const field of ['name', 'server', 'namespace'] as const)
      refuseNothing(`destinations: ${field}`, destination[field])
  }
  const keys = destinations.map(({ server, name, namespace = '' }) => `${server || name || ''}/${namespace}`)
  refuseTwice(keys, (key) => invalid(`the destination ${key} is there twice`))
}

function validateSources({ sourceRepos = [], sourceNamespaces = [] }: AppProjectSpec): void {
  for (const source of sourceRepos) refuseNothing('sourceRepos', source)
  refuseTwice(sourceRepos, (source) => invalid(`the source repository ${source} is there twice`))
  refuseTwice(sourceNamespaces, (namespace) => invalid(`the source namespace ${namespace} is there twice`))
}

/** It would deny everything, and is always meant differently. */
function refuseNothing(field: string, pattern: string | undefined): void {
  if (pattern === '!*') throw invalid(`${field}: "!*" is no pattern that is permitted`)
}

function validateWindows(windows: SyncWindow[]): void {
  for (const window of windows) {
    const fault = windowFault(window)
    if (fault) throw invalid(`the sync window ${describe(window)} cannot be used: ${fault}`)
    if (!window.applications?.length && !window.namespaces?.length && !window.clusters?.length) {
      throw invalid(`the sync window ${describe(window)} names no applications, namespaces or clusters`)
    }
  }
  const keys = windows.map(({ manualSync: _manual, description: _text, syncOverrun: _overrun, ...rest }) =>
    ordered(rest),
  )
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at)
  const window = windows[twice]
  if (window) throw new ApiError('AlreadyExists', `the sync window ${describe(window)} is there twice`)
}

function ordered({ timeZone, ...fields }: SyncWindow): string {
  return JSON.stringify(Object.entries({ ...fields, timeZone: timeZone || 'UTC' }).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function describe({ kind, schedule, duration }: SyncWindow): string {
  return [kind, schedule, duration].map((part) => JSON.stringify(part ?? '')).join(' ')
}

function validateServiceAccounts({ destinationServiceAccounts: accounts = [] }: AppProjectSpec): void {
  for (const { server = '', namespace = '', defaultServiceAccount = '' } of accounts) {
    if (server.includes('!')) throw invalid(`destinationServiceAccounts: server ${server} must not hold "!"`)
    if (namespace.includes('!')) throw invalid(`destinationServiceAccounts: namespace ${namespace} must not hold "!"`)
    if (defaultServiceAccount.trim() === '' || /[!*[\]{}\\/]/.test(defaultServiceAccount)) {
      throw invalid(
        `destinationServiceAccounts: ${JSON.stringify(defaultServiceAccount)} is no name of a service account`,
      )
    }
  }
  const keys = accounts.map(({ server = '', namespace = '' }) => `${server}/${namespace}`)
  refuseTwice(keys, (key) => invalid(`the service account for the destination ${key} is there twice`))
}

function refuseTwice(keys: string[], error: (key: string) => ApiError): void {
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined) throw error(twice)
}

function invalid(message: string): ApiError {
  return new ApiError('InvalidArgument', message)
}

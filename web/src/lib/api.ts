/** The REST API as the page calls it: the same contract that the server serves, its cookie saying who asks. */
import { routes as slimRoutes } from 'virtual:routes'
import { ApiFailure, apiClient } from '../../../src/contract/client.ts'
import type { AnswerOf, BodyOf, routes as contractRoutes, QueryOf } from '../../../src/contract/index.ts'

/** Of each route its method and address; what it takes and answers is known to the types. */
export const routes = slimRoutes as typeof contractRoutes
export const api = apiClient({ base: '' })
export type { AnswerOf, BodyOf, QueryOf }
export { ApiFailure }

type Routes = typeof contractRoutes
export type Application = AnswerOf<Routes['applications']['get']>
export type ApplicationList = AnswerOf<Routes['applications']['list']>
export type ApplicationQuery = Partial<QueryOf<Routes['applications']['list']>>
export type ApplicationEvent = AnswerOf<Routes['applicationStreams']['applications']>
export type ApplicationSpec = Application['spec']
export type ApplicationSource = NonNullable<ApplicationSpec['source']>
export type ApplicationCounts = NonNullable<ApplicationList['counts']>
export type ApplicationTree = AnswerOf<Routes['applicationResources']['tree']>
export type ResourceNode = ApplicationTree['nodes'][number]
export type ResourceDiff = AnswerOf<Routes['applicationResources']['managed']>['items'][number]
export type FieldDrift = ResourceDiff['drift'][number]
export type OperationState = NonNullable<NonNullable<Application['status']>['operationState']>
export type ResourceResult = NonNullable<NonNullable<OperationState['syncResult']>['resources']>[number]
export type HistoryEntry = NonNullable<NonNullable<Application['status']>['history']>[number]
export type SyncPlan = AnswerOf<Routes['applications']['plan']>
export type PlannedStep = SyncPlan['steps'][number]
export type Project = AnswerOf<Routes['projects']['get']>
export type Settings = AnswerOf<Routes['settings']['get']>

/** What an error says to a person: the server's own words, or that it could not be reached. */
export function failureText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The server did not answer at all: worth trying again, and no verdict about what was asked. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ApiFailure && [502, 503, 504].includes(error.status))
}

export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof ApiFailure && error.status === status
}

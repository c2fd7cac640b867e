/** What a sync would do and what the server says to it: found out without an operation, and nothing is written. */
import {
  type Application,
  instanceName,
  keyText,
  type Operation,
  type OperationState,
  pinnedForm,
  StageError,
  withoutSecretValues,
} from '../model/index.ts'
import { type Check, checkPlan, type SyncPlan, type SyncStep, stepsOf } from '../sync/index.ts'
import { Comparison } from './compare.ts'
import { forbidsSync } from './conditions.ts'
import { localManifests } from './local-manifests.ts'
import { type Observation, type ObservedResource, observe } from './observe.ts'
import { manualSyncRefusal } from './operation-permission.ts'
import { operationRevisions, operationSources } from './operation-state.ts'
import { planFor, sharedRefusal } from './operation-sync.ts'
import { objectPermission } from './project.ts'
import type { Cluster, Stages } from './stages.ts'
import { timestamp } from './status.ts'

export interface ForecastRequest {
  application: Application
  operation: Operation
  /** Asks the server about every step. */
  checks: boolean
  signal: AbortSignal
}

export interface ForecastStep {
  step: SyncStep
  /** The comparison with what is there; hooks have none. */
  resource?: ObservedResource
  /** Whether something of its name is there, as far as is known. */
  isThere: boolean
  check?: Check
}

export interface SyncForecast {
  revisions: string[]
  steps: ForecastStep[]
  /** Why it would be refused as a whole at present. */
  blocked?: string
}

/** Throws a StageError that says why the application cannot be compared. */
export async function forecastSync(request: ForecastRequest, stages: Stages): Promise<SyncForecast> {
  const { operation, signal } = request
  const application = pinnedForm(request.application)
  const state: OperationState = { operation, phase: 'Running', startedAt: timestamp(new Date(stages.clock.now())) }
  const observation = await observeFor({ ...request, application }, state, stages)
  const { cluster } = observation
  const problem = observation.findings.find(({ type }) => forbidsSync(type))
  if (problem || !cluster) {
    throw new StageError('sync', problem?.message ?? 'the application could not be compared', {
      retry: observation.retry,
    })
  }
  const startedBefore = application.status?.operationState?.startedAt
  const instance = instanceName(application, stages.controlPlane.namespace)
  const asked = { application, instance, state, stages, stopping: signal, ...(startedBefore && { startedBefore }) }
  const plan = await planFor(asked, observation, cluster)
  const checks = request.checks ? await checksOf(plan, { ...request, application, cluster }, stages) : undefined
  const resources = new Map(observation.resources.map((resource) => [keyText(resource.key), resource]))
  const blocked = manualSyncRefusal(application, stages) ?? sharedRefusal({ application, state }, observation)
  return {
    revisions: observation.rendered?.revisions ?? [],
    steps: stepsOf(plan).map((step) => forecastStep(step, { resources, cluster, checks })),
    ...(blocked && { blocked }),
  }
}

function observeFor(
  { application, operation, signal }: ForecastRequest,
  state: OperationState,
  stages: Stages,
): Promise<Observation> {
  const revisions = operationRevisions(state)
  const rendered = localManifests(operation.sync ?? {})
  const request = {
    application,
    sources: operationSources(operation, application),
    ...(revisions && { revisions }),
    ...(rendered && { rendered }),
    comparison: new Comparison(),
    signal,
  }
  return observe(request, stages)
}

function checksOf(
  plan: SyncPlan,
  { application, operation, cluster, signal }: ForecastRequest & { cluster: Cluster },
  stages: Stages,
): Promise<Map<SyncStep, Check>> {
  const permission = objectPermission(application, {
    cluster,
    stages,
    sources: operationSources(operation, application),
  })
  return checkPlan(plan, { client: cluster.client, refusal: ({ target }) => permission(target), signal })
}

interface Known {
  resources: Map<string, ObservedResource>
  cluster: Cluster
  checks: Map<SyncStep, Check> | undefined
}

function forecastStep(step: SyncStep, { resources, cluster, checks }: Known): ForecastStep {
  const resource = step.verb === 'hook' ? undefined : resources.get(keyText(step.target))
  const check = checks?.get(step)
  return {
    step,
    ...(resource && { resource }),
    isThere: cluster.live.get(step.target) !== undefined,
    ...(check && { check: withoutSecrets(check, step) }),
  }
}

/** Servers repeat what they refuse. */
function withoutSecrets(check: Check, step: SyncStep): Check {
  if (check.verdict === 'passes' || step.verb === 'prune') return check
  return { ...check, message: withoutSecretValues(check.message, step.object) }
}

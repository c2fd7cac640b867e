/** What an application manages, as it is declared, as it is, and as a sync would leave it. */
import type { ResourceDiff } from '../../contract/resource-diff-kinds.ts'
import { toldVerdict, undeclaredFields } from '../../diff/index.ts'
import type { Application, KubeObject, UndeclaredField } from '../../model/index.ts'
import type { Observation, ObservedResource } from '../../reconcile/observe.ts'
import { predictedState } from '../../reconcile/predicted-state.ts'
import { ApiError } from '../api-error.ts'
import { inTurns } from '../in-turns.ts'
import { resourceDiff } from './resource-diff.ts'

export interface ManagedRequest {
  application: Application
  observation: Observation | undefined
  isMeant(resource: ObservedResource['key']): boolean
  /** Tells also what Git leaves open, which takes a request for each resource. */
  undeclared: boolean
  signal: AbortSignal
}

/** Requests to the cluster at once. */
const lanes = 8

type Known = Required<Pick<Observation, 'cluster' | 'rules'>> & { signal: AbortSignal }

/** Throws FailedPrecondition where the last look could not compare. */
export async function managedResources(request: ManagedRequest): Promise<ResourceDiff[]> {
  const { observation, isMeant, undeclared, signal } = request
  const { cluster, rules, manifests, resources = [] } = observation ?? {}
  if (!cluster || !rules || !manifests) throw notCompared(request)
  const meant = resources.filter(({ key }) => isMeant(key))
  return inTurns(meant, lanes, (resource) => diffOf(resource, undeclared, { cluster, rules, signal }))
}

function notCompared({ application, observation }: ManagedRequest): ApiError {
  const { name } = application.metadata
  const why = observation?.findings.map(({ message }) => message).join('; ')
  return new ApiError('FailedPrecondition', `${name} could not be compared: ${why || 'it has not been looked at yet'}`)
}

async function diffOf(resource: ObservedResource, tellsAll: boolean, known: Known): Promise<ResourceDiff> {
  const { key, desired, live, verdict } = resource
  const { maskedAnnotations } = known.rules.options
  const predicted = await predictedState(resource, known)
  const undeclared = tellsAll ? await undeclaredOf(resource, known) : undefined
  return resourceDiff(
    { key, target: desired?.object, live: live?.object, predicted },
    { ...toldVerdict(verdict), ...(undeclared && { undeclared }) },
    maskedAnnotations,
  )
}

/** Who owns what is only in the whole object. */
async function undeclaredOf(
  { key, version, desired, live }: ObservedResource,
  { cluster, rules, signal }: Known,
): Promise<UndeclaredField[]> {
  const whole: KubeObject | undefined = live && (await cluster.client.get({ ...key, version }, signal))
  return whole ? undeclaredFields(desired?.object, whole, rules.options.maskedAnnotations) : []
}

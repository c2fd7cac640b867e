/** What deserves a Kubernetes Event on the Application, so that it is known after the status has moved on. Pure. */
import { createHash } from 'node:crypto'
import type { Application, ApplicationStatus, KubeObject } from '../model/index.ts'
import type { Observation } from './observe.ts'
import { describeDrift } from './status.ts'

interface Occurrence {
  reason: 'ResourceUpdated' | 'OperationStarted' | 'OperationCompleted' | 'ResourcesLeft'
  type: 'Normal' | 'Warning'
  message: string
  /** Told again, it is the same event. */
  once?: boolean
}

const mostFields = 3

export function occurrences(
  before: ApplicationStatus,
  after: ApplicationStatus,
  observation: Observation,
): Occurrence[] {
  const found: Occurrence[] = []
  const drifted = before.sync?.status === 'Synced' && after.sync?.status === 'OutOfSync'
  if (drifted) {
    const what = describeDrifts(observation)
    found.push({
      reason: 'ResourceUpdated',
      type: 'Normal',
      message: `Updated sync status: Synced -> OutOfSync${what ? ` (${what})` : ''}`,
    })
  }
  if (after.health?.status === 'Degraded' && before.health?.status !== 'Degraded') {
    const message = `Updated health status: ${before.health?.status ?? 'Unknown'} -> Degraded (${after.health.message ?? ''})`
    found.push({ reason: 'ResourceUpdated', type: 'Warning', message })
  }
  const ended = after.operationState
  if (ended?.finishedAt && ended.finishedAt !== before.operationState?.finishedAt && ended.phase !== 'Succeeded') {
    const message = `Sync operation to ${ended.syncResult?.revision ?? 'its revision'} failed: ${ended.message ?? ''}`
    found.push({ reason: 'OperationCompleted', type: 'Warning', message })
  }
  return found
}

function describeDrifts({ resources }: Observation): string {
  const fields = resources.flatMap((resource) =>
    resource.verdict.kind === 'changed' ? resource.verdict.fields.map((field) => describeDrift(resource, field)) : [],
  )
  const more = fields.length > mostFields ? `; and ${fields.length - mostFields} more fields` : ''
  return fields.slice(0, mostFields).join('; ') + more
}

export function eventOf(application: Application, { reason, type, message, once }: Occurrence, now: Date): KubeObject {
  const { name, namespace = '', uid = '', resourceVersion = '' } = application.metadata
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z')
  const suffix = createHash('sha1')
    .update(`${uid}${message}${once ? '' : now.toISOString()}`)
    .digest('hex')
    .slice(0, 16)
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${suffix}`, namespace },
    involvedObject: {
      apiVersion: application.apiVersion,
      kind: application.kind,
      name,
      namespace,
      uid,
      resourceVersion,
    },
    reason,
    type,
    message: message.length > 1000 ? `${message.slice(0, 997)}…` : message,
    source: { component: 'argocd-application-controller' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  }
}

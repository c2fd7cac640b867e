/** What deserves a Kubernetes Event on the Application, so that it is known after the status has moved on. Pure. */
import type { ApplicationStatus } from '../model/index.ts'
import type { Occurrence } from './event-of.ts'
import type { Observation } from './observe.ts'
import { describeDrift } from './status.ts'

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
    const message = `Sync operation to ${ended.syncResult?.revision || 'its revision'} failed: ${ended.message ?? ''}`
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

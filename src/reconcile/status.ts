/** An application's status, made from what was observed. Pure. */
import {
  type Application,
  type ApplicationStatus,
  describeKey,
  type FieldDrift,
  hasMultipleSources,
  isMarkDrift,
  type ResourceStatus,
  type SyncStatusCode,
  type Tracking,
} from '../model/index.ts'
import { waveOf } from '../sync/index.ts'
import { conditionsFrom, type Finding } from './conditions.ts'
import { asksForConfirmation, isConfirmed } from './confirmation.ts'
import { factsOf } from './live-facts.ts'
import type { Observation, ObservedResource } from './observe.ts'

export function timestamp(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** `extra`: findings that did not come from looking, such as a failed sync. */
export function statusFrom(
  application: Application,
  observation: Observation,
  { now, extra }: { now: Date; extra: Finding[] },
): ApplicationStatus {
  const previous = application.status ?? {}
  const conditions = conditionsFrom([...observation.findings, ...extra], previous.conditions, now)
  const status: ApplicationStatus = { ...previous, sync: syncField(application, observation) }
  if (conditions.length > 0) status.conditions = conditions
  else delete status.conditions
  // A look that found nothing out must not make what is known of the resources look gone.
  if (observation.manifests === undefined) return { ...status, health: healthField(application, observation, now) }
  status.resources = observation.resources.map((resource) => resourceStatus(resource, application)).sort(byName)
  status.health = healthField(application, observation, now)
  status.summary = { ...images(observation) }
  if (hasMultipleSources(application.spec)) {
    status.sourceTypes = observation.rendered?.sourceTypes ?? []
    delete status.sourceType
  } else {
    const [sourceType] = observation.rendered?.sourceTypes ?? []
    if (sourceType) status.sourceType = sourceType
    delete status.sourceTypes
  }
  return status
}

function syncField({ spec, status }: Application, { sync, rendered }: Observation): ApplicationStatus['sync'] {
  const { destination, source, sources, ignoreDifferences } = spec
  const several = hasMultipleSources(spec)
  const known = rendered?.revisions ?? status?.sync?.revisions ?? [status?.sync?.revision ?? '']
  return {
    status: sync,
    comparedTo: {
      destination,
      ...(several ? { sources } : source && { source }),
      ...(ignoreDifferences && { ignoreDifferences }),
    },
    ...(several ? { revisions: known } : { revision: known[0] ?? '' }),
  }
}

/** A look that found nothing out about the health leaves the last one standing. */
function healthField({ status }: Application, observation: Observation, now: Date): ApplicationStatus['health'] {
  const previous = status?.health
  const unknown = observation.manifests === undefined && observation.health.status === 'Unknown'
  const health = unknown && previous ? previous : observation.health
  const message = health.message
  const changed = previous?.status !== health.status
  const since = changed || !previous?.lastTransitionTime ? timestamp(now) : previous.lastTransitionTime
  return { status: health.status, ...(message && { message }), lastTransitionTime: since }
}

function resourceStatus(resource: ObservedResource, application: Application): ResourceStatus {
  const { key, version, desired, live, health, verdict } = resource
  const object = desired?.object ?? live?.object
  const wave = object ? waveOf(object) : 0
  const missing = verdict.kind === 'missing'
  const shown = missing ? { status: 'Missing' as const } : health
  return {
    ...(key.group && { group: key.group }),
    version,
    kind: key.kind,
    ...(key.namespace && { namespace: key.namespace }),
    name: key.name,
    status: syncCode(resource),
    ...(shown && { health: { status: shown.status, ...(shown.message && { message: shown.message }) } }),
    ...(verdict.kind === 'extra' && { requiresPruning: true }),
    ...(wave !== 0 && { syncWave: wave }),
    ...(object && asksForConfirmation(object, application) && { requiresDeletionConfirmation: true }),
  }
}

export interface ForAutoSync {
  status: SyncStatusCode
  resources: ResourceStatus[]
  /** What has to be done even without self-healing: marks of tracking, or pruning that has been confirmed by now. */
  unfinished: boolean
}

/**
 * What automated sync goes by: without objects that another application has, those that ask not to count, and those
 * whose pruning nobody has confirmed.
 */
export function resourceStatusesForAutoSync(
  observation: Observation,
  application: Application,
  tracking: Tracking,
): ForAutoSync {
  const confirmed = isConfirmed(application, application.status?.operationState?.startedAt)
  const counted = observation.resources
    .filter(({ owner, ignored }) => owner === undefined && !ignored)
    .map((resource) => ({ resource, shown: resourceStatus(resource, application) }))
    .filter(({ shown }) => confirmed || !shown.requiresPruning || !shown.requiresDeletionConfirmation)
  const deviating = counted.filter(({ shown }) => shown.status !== 'Synced')
  const unfinished = deviating.every(
    ({ resource: { verdict }, shown }) =>
      (shown.requiresPruning && shown.requiresDeletionConfirmation) ||
      (verdict.kind === 'changed' && isRetracked(verdict, tracking)),
  )
  const resources = counted.map(({ shown }) => shown)
  if (observation.sync !== 'OutOfSync') return { status: observation.sync, resources, unfinished }
  const deviates = resources.some(({ status }) => status === 'OutOfSync')
  return { status: deviates ? 'OutOfSync' : 'Synced', resources, unfinished }
}

function isRetracked({ fields }: { fields: FieldDrift[] }, tracking: Tracking): boolean {
  return fields.length > 0 && fields.every((field) => isMarkDrift(field, tracking))
}

function syncCode({ verdict }: ObservedResource): SyncStatusCode {
  if (verdict.kind === 'synced') return 'Synced'
  return verdict.kind === 'unknown' ? 'Unknown' : 'OutOfSync'
}

function byName(one: ResourceStatus, other: ResourceStatus): number {
  const text = ({ group = '', kind, namespace = '', name }: ResourceStatus) => `${group}/${kind}/${namespace}/${name}`
  return text(one) < text(other) ? -1 : 1
}

function images({ resources }: Observation): { images?: string[] } {
  const found = new Set(resources.flatMap(({ live }) => (live ? factsOf(live).images : [])))
  return found.size > 0 ? { images: [...found].sort() } : {}
}

/** One drifted field for people: what it is, what it should be, who made it so and when. */
export function describeDrift({ key }: ObservedResource, { path, desired, live, author }: FieldDrift): string {
  const values = `${text(live)} instead of ${text(desired)}`
  const who = author ? `, by ${author.manager}${author.time ? ` at ${author.time}` : ''}` : ''
  return `${describeKey(key)} ${path}: ${values}${who}`
}

function text(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 120 ? `${json.slice(0, 117)}…` : json
}

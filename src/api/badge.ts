/** The picture of how an application or a project stands, for pages elsewhere: what `GET /api/badge` answers with. */
import type { Application, HealthStatus, SyncStatusCode } from '../model/index.ts'
import { type BadgeBox, drawBadge } from './badge-drawing.ts'

export interface BadgeApplications {
  /** Whether applications of this namespace are served at all. */
  serves(namespace: string): boolean
  find(name: string, namespace: string | undefined): Application | undefined
  ofProjects(projects: string[], namespace: string | undefined): Application[]
}

export interface BadgeAnswer {
  status: 200 | 400
  svg: string
}

/** Badges are fetched by pages of other origins, and show how things stand now. */
export const badgeHeaders = {
  'content-type': 'image/svg+xml',
  'cache-control': 'private, no-store',
  'access-control-allow-origin': '*',
}

export function isBadgeEnabled(settings: Record<string, string>): boolean {
  return settings['statusbadge.enabled'] === 'true'
}

interface Standing {
  health: HealthStatus
  sync: SyncStatusCode
  /** Empty where there is none, or none is asked for. */
  revision: string
  name: string
}

const nothingKnown: Standing = { health: 'Unknown', sync: 'Unknown', revision: '', name: '' }

/** Where badges are not enabled, each says that nothing is known, whatever is asked for. */
export function answerBadge(
  query: URLSearchParams,
  applications: BadgeApplications,
  settings: Record<string, string>,
): BadgeAnswer {
  if (!isBadgeEnabled(settings)) return drawn(nothingKnown, new URLSearchParams())
  const namespace = query.get('namespace') ?? undefined
  const names = [namespace, query.get('name') ?? undefined, ...query.getAll('project').filter((name) => name !== '')]
  if (!names.every((name) => name === undefined || isName(name))) return { status: 400, svg: '' }
  if (namespace !== undefined && !applications.serves(namespace)) return notFound
  const standing = standingOf(query, applications, namespace)
  return standing ? drawn(standing, query) : notFound
}

function isName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)
}

function standingOf(query: URLSearchParams, applications: BadgeApplications, namespace?: string): Standing | undefined {
  const name = query.get('name')
  const application = name === null ? undefined : applications.find(name, namespace)
  if (name !== null && !application) return undefined
  const single = application ? standingOfOne(application) : nothingKnown
  // Given both, the project's state is told under the application's name.
  return query.has('project')
    ? { ...single, ...standingOfAll(applications.ofProjects(query.getAll('project'), namespace)) }
    : single
}

function standingOfOne({ metadata, status }: Application): Standing {
  const result = status?.operationState?.syncResult
  return {
    health: status?.health?.status ?? 'Unknown',
    sync: status?.sync?.status ?? 'Unknown',
    revision: result?.revisions?.[0] ?? result?.revision ?? '',
    name: metadata.name,
  }
}

/** One that is not as it should be is enough. */
function standingOfAll(applications: Application[]): Partial<Standing> {
  if (applications.length === 0) return {}
  const areHealthy = applications.every(({ status }) => status?.health?.status === 'Healthy')
  const areSynced = applications.every(({ status }) => status?.sync?.status === 'Synced')
  return { health: areHealthy ? 'Healthy' : 'Degraded', sync: areSynced ? 'Synced' : 'OutOfSync' }
}

/** White can be read on each of them. */
const colours = {
  green: '#1a7340',
  red: '#b3261e',
  blue: '#1d5fa8',
  orange: '#9a5b00',
  purple: '#6b3480',
  grey: '#4a5560',
}

const healthColours: Record<HealthStatus, string> = {
  Healthy: colours.green,
  Progressing: colours.blue,
  Degraded: colours.red,
  Suspended: colours.grey,
  Missing: colours.purple,
  Unknown: colours.purple,
}

const syncColours: Record<SyncStatusCode, string> = {
  Synced: colours.green,
  OutOfSync: colours.orange,
  Unknown: colours.purple,
}

const notFound: BadgeAnswer = {
  status: 200,
  svg: drawBadge({ boxes: [{ text: 'Not Found', colour: colours.purple }] }),
}

function drawn({ health, sync, revision, name }: Standing, query: URLSearchParams): BadgeAnswer {
  const syncColour = syncColours[sync] ?? colours.grey
  const boxes: BadgeBox[] = [
    { text: health, colour: healthColours[health] ?? colours.grey },
    { text: sync, colour: syncColour },
  ]
  if (isTrue(query, 'revision') && revision !== '')
    boxes.push({ text: `(${isTrue(query, 'keepFullRevision') ? revision : revision.slice(0, 7)})`, colour: syncColour })
  const title = isTrue(query, 'showAppName') ? name : ''
  const width = Number(query.get('width') ?? Number.NaN)
  return { status: 200, svg: drawBadge({ boxes, title, ...(isWidth(width) ? { width } : {}) }) }
}

function isTrue(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true'
}

function isWidth(width: number): boolean {
  return Number.isSafeInteger(width) && width > 0 && width <= 4096
}

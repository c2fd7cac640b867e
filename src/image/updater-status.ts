/** How an ImageUpdater stands after its applications were looked at. Pure. */
import type { ImageUpdaterObject, ImageUpdaterStatus } from '../model/index.ts'
import type { ImageUpdate } from './examine.ts'
import type { ImageReport } from './image-reports.ts'
import { versionText } from './reference.ts'

export interface StatusInput {
  /** Of the applications that it has. */
  reports: ImageReport[]
  /** Those that were written since, each for one application. */
  updates: ImageUpdate[]
  now: Date
}

/** So long, that it was looked and nothing was found is not worth a write. */
const quietMs = 10 * 60_000

/** Undefined where there is nothing new to tell. */
export function updaterStatus(
  { metadata, status: before = {} }: ImageUpdaterObject,
  { reports, updates, now }: StatusInput,
): ImageUpdaterStatus | undefined {
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z')
  const problems = reports.flatMap((report) => report.problems)
  const ready = {
    type: 'Ready',
    status: problems.length === 0 ? 'True' : 'False',
    reason: problems.length === 0 ? 'Checked' : 'ImagesFailed',
    message: problems.length === 0 ? 'all images were looked at' : problems.slice(0, 5).join('; ').slice(0, 1000),
  }
  const known = before.conditions?.find(({ type }) => type === 'Ready')
  const since = known?.status === ready.status ? known.lastTransitionTime : undefined
  const facts = {
    observedGeneration: metadata.generation ?? 0,
    applicationsMatched: reports.length,
    imagesManaged: reports.reduce((sum, { images }) => sum + images.length, 0),
  }
  const isSame =
    updates.length === 0 &&
    Object.entries(facts).every(([key, value]) => before[key as keyof typeof facts] === value) &&
    known?.status === ready.status &&
    withoutNumbers(known.message) === withoutNumbers(ready.message)
  if (isSame && now.getTime() - Date.parse(before.lastCheckedAt ?? '') < quietMs) return undefined
  return {
    ...facts,
    lastCheckedAt: time,
    ...(updates.length > 0
      ? { lastUpdatedAt: time, recentUpdates: recent(updates, time) }
      : {
          ...(before.lastUpdatedAt && { lastUpdatedAt: before.lastUpdatedAt }),
          recentUpdates: before.recentUpdates ?? [],
        }),
    conditions: [{ ...ready, observedGeneration: facts.observedGeneration, lastTransitionTime: since ?? time }],
  }
}

function recent(updates: ImageUpdate[], updatedAt: string): NonNullable<ImageUpdaterStatus['recentUpdates']> {
  const groups = new Map<string, ImageUpdate[]>()
  for (const update of updates) {
    const key = keyOf(update)
    groups.set(key, [...(groups.get(key) ?? []), update])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const newVersion = versionText(first.version)
    return [
      {
        alias: first.rule.alias,
        image: first.rule.image.name,
        newVersion,
        applicationsUpdated: group.length,
        updatedAt,
        message: `from ${first.from || 'nothing'} to ${newVersion}`,
      },
    ]
  })
}

function keyOf({ rule, version }: ImageUpdate): string {
  return `${rule.alias} ${rule.image.name}:${versionText(version)}`
}

function withoutNumbers(text = ''): string {
  return text.replace(/\d+/g, '#')
}

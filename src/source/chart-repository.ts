/** Charts as a source: which versions there are, and the files of one of them. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { type Revision, type SourceTree, StageError, withoutPassword } from '../model/index.ts'
import { highest, parseConstraint } from '../model/version-constraint.ts'
import { abortable } from './abortable.ts'
import { type StoredFiles, unpackArchive } from './chart-archive.ts'
import type { Clock } from './git-listing.ts'
import { openTree, type TreeLimits } from './tree.ts'

export interface Archive {
  content: Buffer
  /** Charts are packed in a directory of their own. */
  isChart: boolean
}

/** A place that has charts: an HTTP repository with an index, or an OCI registry. */
export interface ChartOrigin {
  /** Versions by the chart's name. */
  versions(chart: string): Promise<string[]>
  download(chart: string, version: string): Promise<Archive>
  /** False when a version means whatever the origin has under that name now, such as `latest`. */
  isFixed(version: string): boolean
  /** What a version means now and for good; absent where versions are taken at their word. */
  fixed?(chart: string, version: string): Promise<string>
  /** Then `latest` is no name but means the newest version. */
  knowsNoTags?: boolean
}

export interface ChartRepository {
  resolve(chart: string, targetRevision: string, notOlderThan: number): Promise<Revision>
  versions(chart: string, notOlderThan: number): Promise<string[]>
  tree(chart: string, version: string, signal?: AbortSignal): Promise<SourceTree>
  invalidate(): void
}

export interface ChartRepositoryOptions {
  url: string
  /** Archives of one scope are not given in another. */
  scope: string
  origin: ChartOrigin
  /** Where archives are kept; a cache that may be deleted at any time. */
  directory: string
  clock: Clock
  intervalMs: number
  limits: TreeLimits
  counters: { listings: number; fetches: number }
  unpacked: UnpackedCharts
}

/** Files of charts, of all repositories together. */
export type UnpackedCharts = LRUCache<string, StoredFiles>

interface Asked<T> {
  startedAt: number
  answer: Promise<T>
}

const unpackedBytes = 128 * 1024 * 1024
const failureLifetimeMs = 10_000

export function openUnpackedCharts(): UnpackedCharts {
  return new LRUCache({ maxSize: unpackedBytes, sizeCalculation: ({ size }) => size + 1 })
}

export function openChartRepository(options: ChartRepositoryOptions): ChartRepository {
  const { url, scope, origin, clock, intervalMs, limits, counters, unpacked } = options
  /** What was unpacked for one repository is not given for another, nor with other credentials. */
  const own = randomBytes(16).toString('hex')
  const shown = withoutPassword(url)
  const listed = new Map<string, Asked<string[]>>()
  const fixed = new Map<string, Asked<string>>()
  const unpacking = new Map<string, Promise<StoredFiles>>()

  /** Asked once per interval, whoever wants to know. */
  function once<T>(known: Map<string, Asked<T>>, key: string, notOlderThan: number, ask: () => Promise<T>): Promise<T> {
    const before = known.get(key)
    const now = clock.now()
    if (before && before.startedAt >= notOlderThan && now - before.startedAt < intervalMs) return before.answer
    counters.listings++
    const answer = ask()
    const entry: Asked<T> = { startedAt: now, answer }
    // A failure is asked about again soon.
    answer.catch(() => {
      entry.startedAt = clock.now() - intervalMs + Math.min(intervalMs, failureLifetimeMs)
    })
    known.set(key, entry)
    return answer
  }

  function versionsOf(chart: string, notOlderThan: number): Promise<string[]> {
    return once(listed, chart, notOlderThan, () => origin.versions(chart))
  }

  async function resolve(chart: string, targetRevision: string, notOlderThan: number): Promise<Revision> {
    const target = targetRevision === '' ? '*' : targetRevision
    const version = await versionFor(chart, target, notOlderThan)
    if (!origin.fixed) return { revision: version, target }
    const digest = await once(
      fixed,
      `${chart} ${version}`,
      notOlderThan,
      async () => origin.fixed?.(chart, version) ?? version,
    )
    return { revision: digest, target }
  }

  async function versionFor(chart: string, target: string, notOlderThan: number): Promise<string> {
    const constraint = parseConstraint(target === 'latest' && origin.knowsNoTags ? '*' : target)
    // An exact version needs no list; whether it exists shows when it is downloaded.
    if (!constraint) return target
    const names = await versionsOf(chart, notOlderThan)
    const best = highest(names, constraint)
    if (best !== undefined) return best
    const some = names.length === 0 ? 'it has none' : `it has ${names.slice(0, 5).join(', ')}`
    const message = `no version of chart ${chart} in ${shown} satisfies ${target}: check targetRevision (${some})`
    throw new StageError('source', message, { retry: false })
  }

  async function archive(chart: string, version: string): Promise<Archive> {
    const name = createHash('sha256').update(`${url}\n${scope}\n${chart}\n${version}`).digest('hex')
    const places = [true, false].map((isChart) => ({
      isChart,
      file: join(options.directory, `${name}.${isChart ? 'tgz' : 'tar'}`),
    }))
    for (const { isChart, file } of origin.isFixed(version) ? places : []) {
      const content = await readFile(file).catch(() => undefined)
      if (!content) continue
      const now = new Date()
      await utimes(file, now, now).catch(() => {})
      return { content, isChart }
    }
    counters.fetches++
    const downloaded = await origin.download(chart, version)
    const place = places.find(({ isChart }) => isChart === downloaded.isChart)
    if (place && origin.isFixed(version)) await keep(place.file, downloaded.content)
    return downloaded
  }

  async function unpack(chart: string, version: string): Promise<StoredFiles> {
    const what = `${chart} ${version} of ${shown}`
    const { content, isChart } = await archive(chart, version)
    const files = await unpackArchive(content, { what: isChart ? `chart ${what}` : what, stripTop: isChart })
    if (origin.isFixed(version)) unpacked.set(`${own} ${chart} ${version}`, files)
    return files
  }

  /** Several who want the same chart wait for one download. */
  function filesOf(chart: string, version: string): Promise<StoredFiles> {
    const key = `${chart} ${version}`
    const known = unpacked.get(`${own} ${key}`)
    if (known) return Promise.resolve(known)
    const files = unpacking.get(key) ?? unpack(chart, version).finally(() => unpacking.delete(key))
    unpacking.set(key, files)
    return files
  }

  return {
    resolve,
    versions: versionsOf,
    async tree(chart, version, signal) {
      const { store, root } = await abortable(filesOf(chart, version), signal)
      return openTree({ store, root, limits })
    },
    invalidate() {
      listed.clear()
      fixed.clear()
    },
  }
}

async function keep(file: string, content: Buffer): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  const temporary = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(temporary, content)
  await rename(temporary, file)
}

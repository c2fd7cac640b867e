/** Charts as a source: which versions there are, and the files of one of them. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { type Revision, type SourceTree, StageError } from '../model/index.ts'
import { abortable } from './abortable.ts'
import { type StoredFiles, unpackArchive } from './chart-archive.ts'
import type { Clock } from './git-listing.ts'
import { withoutPassword } from './repository-address.ts'
import { openTree, type TreeLimits } from './tree.ts'
import { highest, parseConstraint } from './version-constraint.ts'

/** A place that has charts: an HTTP repository with an index, or an OCI registry. */
export interface ChartOrigin {
  /** Versions by the chart's name. */
  versions(chart: string): Promise<string[]>
  /** The chart's archive. */
  download(chart: string, version: string): Promise<Buffer>
  /** False when a version means whatever the origin has under that name now, such as `latest`. */
  isFixed(version: string): boolean
}

export interface ChartRepository {
  resolve(chart: string, targetRevision: string, notOlderThan: number): Promise<Revision>
  tree(chart: string, version: string, signal?: AbortSignal): Promise<SourceTree>
  invalidate(): void
}

export interface ChartRepositoryOptions {
  url: string
  origin: ChartOrigin
  /** Where archives are kept; a cache that may be deleted at any time. */
  directory: string
  clock: Clock
  intervalMs: number
  limits: TreeLimits
  counters: { listings: number; fetches: number }
}

interface Listed {
  startedAt: number
  versions: Promise<string[]>
}

const unpackedBytes = 64 * 1024 * 1024
const failureLifetimeMs = 10_000

export function openChartRepository(options: ChartRepositoryOptions): ChartRepository {
  const { url, origin, clock, intervalMs, limits, counters } = options
  const shown = withoutPassword(url)
  const listed = new Map<string, Listed>()
  const unpacked = new LRUCache<string, StoredFiles>({
    maxSize: unpackedBytes,
    sizeCalculation: ({ size }) => size + 1,
  })
  const unpacking = new Map<string, Promise<StoredFiles>>()

  function versionsOf(chart: string, notOlderThan: number): Promise<string[]> {
    const known = listed.get(chart)
    const now = clock.now()
    if (known && known.startedAt >= notOlderThan && now - known.startedAt < intervalMs) return known.versions
    counters.listings++
    const versions = origin.versions(chart)
    const entry: Listed = { startedAt: now, versions }
    // A failure is asked about again soon.
    versions.catch(() => {
      entry.startedAt = clock.now() - intervalMs + Math.min(intervalMs, failureLifetimeMs)
    })
    listed.set(chart, entry)
    return versions
  }

  async function resolve(chart: string, targetRevision: string, notOlderThan: number): Promise<Revision> {
    const target = targetRevision === '' ? '*' : targetRevision
    const constraint = parseConstraint(target)
    // An exact version needs no list; whether it exists shows when it is downloaded.
    if (!constraint) return { revision: target, target }
    const names = await versionsOf(chart, notOlderThan)
    const best = highest(names, constraint)
    if (best !== undefined) return { revision: best, target }
    const some = names.length === 0 ? 'it has none' : `it has ${names.slice(0, 5).join(', ')}`
    const message = `no version of chart ${chart} in ${shown} satisfies ${target}: check targetRevision (${some})`
    throw new StageError('source', message, { retry: false })
  }

  async function archive(chart: string, version: string): Promise<Buffer> {
    const name = createHash('sha256').update(`${url}\n${chart}\n${version}`).digest('hex')
    const file = join(options.directory, `${name}.tgz`)
    const kept = origin.isFixed(version) ? await readFile(file).catch(() => undefined) : undefined
    if (kept) return kept
    counters.fetches++
    const downloaded = await origin.download(chart, version)
    await keep(file, downloaded)
    return downloaded
  }

  async function unpack(chart: string, version: string): Promise<StoredFiles> {
    const what = `chart ${chart} ${version} of ${shown}`
    const files = await unpackArchive(await archive(chart, version), { what, stripTop: true })
    if (origin.isFixed(version)) unpacked.set(`${chart} ${version}`, files)
    return files
  }

  /** Several who want the same chart wait for one download. */
  function filesOf(chart: string, version: string): Promise<StoredFiles> {
    const key = `${chart} ${version}`
    const known = unpacked.get(key)
    if (known) return Promise.resolve(known)
    const files = unpacking.get(key) ?? unpack(chart, version).finally(() => unpacking.delete(key))
    unpacking.set(key, files)
    return files
  }

  return {
    resolve,
    async tree(chart, version, signal) {
      const { store, root } = await abortable(filesOf(chart, version), signal)
      return openTree({ store, root, limits })
    },
    invalidate: () => listed.clear(),
  }
}

async function keep(file: string, content: Buffer): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  const temporary = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(temporary, content)
  await rename(temporary, file)
}

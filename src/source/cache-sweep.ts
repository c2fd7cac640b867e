/** Removes from the cache folder what nobody has used for days: mirrors and charts of repositories that are gone. */
import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

export interface CacheSweep {
  /** Ends once the sweep that is under way has. */
  close(): Promise<void>
}

export interface SweptCache {
  cacheDir: string
  /** Names of the mirrors that are open, whenever they were fetched into. */
  mirrorsInUse(): ReadonlySet<string>
}

/** By its time it is known when a mirror was last used. */
export const preparedMark = 'prepared'

const hour = 60 * 60_000
const unusedMs = 7 * 24 * hour
/** A commit that is written takes minutes at the most; its folder stays only when the process is killed. */
const writtenMs = 24 * hour
const sweepMs = 6 * hour

/** At once and every few hours. */
export function startCacheSweep(cache: SweptCache): CacheSweep {
  let sweeping = sweepCache(cache)
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweepCache(cache))
  }, sweepMs)
  timer.unref()
  return {
    close() {
      clearInterval(timer)
      return sweeping
    },
  }
}

export async function sweepCache({ cacheDir, mirrorsInUse }: SweptCache, now = Date.now()): Promise<void> {
  const time = new Date(now)
  const mirrors = join(cacheDir, 'git')
  for (const name of await namesIn(mirrors)) {
    const folder = join(mirrors, name)
    const mark = join(folder, preparedMark)
    if (mirrorsInUse().has(name)) await utimes(mark, time, time).catch(() => {})
    else await removeUnused(folder, now - unusedMs, mark)
  }
  for (const name of await namesIn(join(cacheDir, 'charts'))) {
    await removeUnused(join(cacheDir, 'charts', name), now - unusedMs)
  }
  for (const name of await namesIn(join(cacheDir, 'written'))) {
    await removeUnused(join(cacheDir, 'written', name), now - writtenMs)
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}

/** `mark`: whose time counts, where it is there. */
async function removeUnused(place: string, before: number, mark = place): Promise<void> {
  const known = await stat(mark).catch(() => stat(place).catch(() => undefined))
  if (known && known.mtimeMs < before) await rm(place, { recursive: true, force: true }).catch(() => {})
}

/** How much one rendering may use, and how many there may be at once. Pure. */

export interface Limits {
  /** Milliseconds that a program may run. */
  timeMs: number
  /** Bytes that a program may print, and that its text may have. */
  outputBytes: number
  /** Bytes of private memory of a program. */
  memoryBytes: number
  /** Bytes of all manifest files of a directory together. */
  directoryBytes: number
  /** Bytes that remembered manifests may take, counted as text. */
  memoBytes: number
  /** Programs at work at the same time. */
  parallel: number
}

export const defaultLimits: Limits = {
  timeMs: 90_000,
  outputBytes: 32 * 1024 * 1024,
  memoryBytes: 2 * 1024 ** 3,
  directoryBytes: 10 * 1024 * 1024,
  memoBytes: 128 * 1024 * 1024,
  parallel: 4,
}

const MiB = 1024 ** 2
/** Of the process itself, which keeps what it knows of clusters and repositories (docs/performance.md). */
const ownBytes = 512 * MiB
/** What a large chart takes: with that for each, several at once are better than more for one. */
const enoughBytes = 512 * MiB
/** With half of it Node, which evaluates Jsonnet, does not even start. */
const leastBytes = 128 * MiB

type Programs = Pick<Limits, 'memoryBytes' | 'parallel'>

/**
 * What the programs may use where all processes together have so much memory, so that none of them brings the system to end
 * them all. What somebody has set counts as it is.
 */
export function limitsWithin(totalBytes: number, set: Partial<Programs> = {}): Programs {
  const forPrograms = totalBytes - Math.min(ownBytes, totalBytes / 2)
  const wanted = set.memoryBytes ?? enoughBytes
  const parallel = set.parallel ?? Math.max(1, Math.min(defaultLimits.parallel, Math.floor(forPrograms / wanted)))
  const each = Math.max(leastBytes, Math.floor(forPrograms / parallel))
  return { memoryBytes: set.memoryBytes ?? Math.min(defaultLimits.memoryBytes, each), parallel }
}

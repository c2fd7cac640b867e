/** How much one rendering may use. */

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

/** What a git that was killed leaves in a mirror, where it would stop all that come after it. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A lock this old is of nobody who is still at work, whoever else may use the folder. */
const oldestLockMs = 10 * 60_000

/** Removes locks and half packs: those last changed before a time at which nobody here was at work on the mirror. */
export async function removeRemains(mirror: string, before: number): Promise<void> {
  const oldest = Math.max(before, Date.now() - oldestLockMs)
  const places: [directory: string, recursive: boolean][] = [
    [mirror, false],
    [join(mirror, 'refs'), true],
    [join(mirror, 'objects', 'pack'), false],
  ]
  for (const [directory, recursive] of places) {
    const entries = await readdir(directory, { recursive, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (!entry.isFile() || !/\.lock$|^tmp_(pack|idx|rev)_/.test(entry.name)) continue
      const file = join(entry.parentPath, entry.name)
      const changed = await stat(file).catch(() => undefined)
      if (changed && changed.mtimeMs <= oldest) await rm(file, { force: true })
    }
  }
}

/** Git's words for a lock that somebody holds. */
export function isLocked(message: string): boolean {
  return /Unable to create '.*\.lock': File exists/.test(message)
}

/** Git's words for files of its own that it cannot read any more; what the host says of its own files is left out. */
export function isDamaged(message: string): boolean {
  return message.split('\n').some((line) => !/^(remote:|fatal: remote error)/.test(line) && damage.test(line))
}

const damage =
  /\bis corrupt|corrupt(ed)? (loose|packed) object|bad packed object|cannot read existing object|object file .* is empty|packfile .* (cannot be|does not match|is truncated|claims)|inflate: data|unable to unpack|index file .* is too small|(bad|wrong) index|bad (shallow|object) |shallow file|bad config|not a git repository: '|unable to read (tree|object|sha1|[0-9a-f]{40})|unresolved deltas|did not send all necessary objects/

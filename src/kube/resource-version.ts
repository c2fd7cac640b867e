/** Resource versions as the order of writes: integers since Kubernetes says so (KEP-5504), and were before. */

const digits = /^\d+$/

/** True when `version` was written after `than`. Versions that are no integers count as newer, so that none is missed. */
export function isNewer(version: string, than: string): boolean {
  if (version === than) return false
  if (version.length !== than.length && digits.test(version) && digits.test(than)) return version.length > than.length
  if (digits.test(version) && digits.test(than)) return version > than
  return true
}

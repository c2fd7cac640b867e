/** One `git ls-remote` per repository and interval, shared by everybody who asks. */
import { gitError } from './git.ts'
import { parseListing, type RefListing } from './git-revision.ts'
import type { RemoteGit } from './remote-git.ts'

export interface Clock {
  now(): number
}

export interface ListingOptions {
  remote: RemoteGit
  url: string
  clock: Clock
  /** How long a listing stands for the repository's state, in milliseconds. */
  intervalMs: number
  onList(): void
  /** Throws when the repository must not be reached. */
  check(): Promise<void>
}

export interface Listing {
  /** `notOlderThan` is a time of the clock: a listing begun before it is not good enough. */
  get(query: { notOlderThan: number; ref?: string }): Promise<RefListing>
  invalidate(): void
}

interface Attempt {
  startedAt: number
  result: Promise<RefListing>
  settled: boolean
  failed: boolean
}

/** A failed listing is tried again sooner than a good one, and later after every further failure. */
const firstRetryMs = 5_000

export function openListing({ remote, url, clock, intervalMs, onList, check }: ListingOptions): Listing {
  const attempts = new Map<string, Attempt>()
  let failures = 0

  /** Branches and tags always; another ref (`refs/pull/1/head`) only when somebody names it. */
  function start(ref: string): Attempt {
    onList()
    const patterns = ref === '' ? ['HEAD', 'refs/heads/*', 'refs/tags/*'] : [ref]
    const attempt: Attempt = { startedAt: clock.now(), settled: false, failed: false, result: list(patterns) }
    attempt.result.then(
      () => {
        attempt.settled = true
        failures = 0
      },
      () => {
        attempt.settled = true
        attempt.failed = true
        failures++
      },
    )
    attempts.set(ref, attempt)
    return attempt
  }

  async function list(patterns: string[]): Promise<RefListing> {
    await check()
    try {
      return parseListing(await remote.run(['ls-remote', '--', url, ...patterns]))
    } catch (error) {
      throw gitError('listing the branches', url, error)
    }
  }

  function fresh(attempt: Attempt, notOlderThan: number): boolean {
    if (attempt.startedAt < notOlderThan) return false
    if (!attempt.settled) return true
    const age = clock.now() - attempt.startedAt
    const lifetime = attempt.failed ? Math.min(intervalMs, firstRetryMs * 2 ** Math.min(failures - 1, 10)) : intervalMs
    return age < lifetime
  }

  return {
    async get({ notOlderThan, ref = '' }) {
      const known = attempts.get(ref)
      if (known && fresh(known, notOlderThan)) return known.result
      // One at a time: a listing under way that is too old is awaited, and the first who wakes starts the next.
      if (known && !known.settled) {
        await known.result.catch(() => {})
        const next = attempts.get(ref)
        if (next && fresh(next, notOlderThan)) return next.result
      }
      return start(ref).result
    },
    invalidate() {
      attempts.clear()
    },
  }
}

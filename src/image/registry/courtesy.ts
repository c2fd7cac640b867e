/** How a registry is asked: few requests at once, and none for an account while that has been asked for a pause. */
import { LRUCache } from 'lru-cache'
import { StageError } from '../../model/index.ts'
import type { Download } from '../../source/download.ts'

export interface Courtesy {
  /** Throws a StageError instead of asking a host that wants to be left alone by who asks. */
  ask(asker: Asker, request: () => Promise<Download>): Promise<Download>
}

/** Registries count by account: what some have used up, others have still to their name. */
export interface Asker {
  host: string
  /** The same for whoever asks with the same credentials. */
  account: string
}

const mostAtOnce = 4
const usualPauseMs = 60_000
const outageMs = 10_000
/** Whatever a registry says, it is asked again after this. */
const longestPauseMs = 6 * 3600_000
/** Where a registry says of its window only how long it is, which begins anew bit by bit. */
const longestGuessMs = 15 * 60_000

interface Host {
  running: number
  waiting: (() => void)[]
}

interface Pause {
  until: number
  /** In words. */
  why: string
}

const mostPauses = 10_000

export function openCourtesy({ clock }: { clock: { now(): number } }): Courtesy {
  const hosts = new Map<string, Host>()
  const pauses = new LRUCache<string, Pause>({ max: mostPauses })

  function known(name: string): Host {
    const host = hosts.get(name) ?? { running: 0, waiting: [] }
    hosts.set(name, host)
    return host
  }

  function checkPause(key: string): void {
    const { until, why } = pauses.get(key) ?? { until: 0, why: '' }
    const seconds = Math.ceil((until - clock.now()) / 1000)
    if (seconds <= 0) return
    throw new StageError('source', `${why}; it is asked again in ${seconds} s`, { retry: true })
  }

  return {
    async ask({ host: name, account }, request) {
      const host = known(name)
      const key = `${name} ${account}`
      checkPause(key)
      if (host.running >= mostAtOnce) await new Promise<void>((resolve) => host.waiting.push(resolve))
      else host.running++
      try {
        // Others may have been told meanwhile.
        checkPause(key)
        const answer = await request().catch((error: unknown) => {
          // Whoever waits for a host that is down would wait for it again and again.
          if (error instanceof StageError && error.retry) {
            pauses.set(key, { until: clock.now() + outageMs, why: error.message })
          }
          throw error
        })
        const pause = pauseAfter(answer, clock.now())
        if (pause > 0) {
          const why = `${name} has been asked often enough for now (with credentials, registries allow more)`
          pauses.set(key, { until: clock.now() + Math.min(pause, longestPauseMs), why })
        }
        if (isRefusal(answer)) checkPause(key)
        return answer
      } finally {
        const next = host.waiting.shift()
        if (next) next()
        else host.running--
      }
    },
  }
}

function isRefusal({ status, headers }: Pick<Download, 'status' | 'headers'>): boolean {
  return status === 429 || (status === 503 && headers['retry-after'] !== undefined)
}

/** Milliseconds. */
export function pauseAfter(answer: Pick<Download, 'status' | 'headers'>, now: number): number {
  const header = (name: string) => String(answer.headers[name] ?? '').trim()
  const remaining = /^(\d+)/.exec(header('ratelimit-remaining') || header('x-ratelimit-remaining'))?.[1]
  const isRefused = isRefusal(answer)
  if (!isRefused && remaining !== '0') return 0
  const retryAfter = header('retry-after')
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000
  const date = Date.parse(retryAfter)
  if (!Number.isNaN(date)) return Math.max(date - now, 1000)
  const reset = Number(header('ratelimit-reset') || header('x-ratelimit-reset') || Number.NaN)
  // Seconds from now, or a time: the latter are large.
  if (reset > 0) return reset > 1e9 ? Math.max(reset * 1000 - now, 1000) : reset * 1000
  const window = /;\s*w=(\d+)/.exec(header('ratelimit-remaining'))?.[1]
  return window ? Math.min(Number(window) * 1000, longestGuessMs) : usualPauseMs
}

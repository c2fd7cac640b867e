/** How a registry is asked: few requests at once, and none while it has asked for a pause. */
import { StageError } from '../../model/index.ts'
import type { Download } from '../../source/download.ts'

export interface Courtesy {
  /** Throws a StageError instead of asking a host that wants to be left alone. */
  ask(host: string, request: () => Promise<Download>): Promise<Download>
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
  pausedUntil: number
  /** Of the pause, in words. */
  why: string
}

export function openCourtesy({ clock }: { clock: { now(): number } }): Courtesy {
  const hosts = new Map<string, Host>()

  function known(name: string): Host {
    const host = hosts.get(name) ?? { running: 0, waiting: [], pausedUntil: 0, why: '' }
    hosts.set(name, host)
    return host
  }

  function checkPause({ pausedUntil, why }: Host): void {
    const seconds = Math.ceil((pausedUntil - clock.now()) / 1000)
    if (seconds <= 0) return
    throw new StageError('source', `${why}; it is asked again in ${seconds} s`, { retry: true })
  }

  return {
    async ask(name, request) {
      const host = known(name)
      checkPause(host)
      if (host.running >= mostAtOnce) await new Promise<void>((resolve) => host.waiting.push(resolve))
      else host.running++
      try {
        // Others may have been told meanwhile.
        checkPause(host)
        const answer = await request().catch((error: unknown) => {
          // Whoever waits for a host that is down would wait for it again and again.
          if (error instanceof StageError && error.retry) {
            host.pausedUntil = clock.now() + outageMs
            host.why = error.message
          }
          throw error
        })
        const pause = pauseAfter(answer, clock.now())
        if (pause > 0) {
          host.pausedUntil = clock.now() + Math.min(pause, longestPauseMs)
          host.why = `${name} has been asked often enough for now (with credentials, registries allow more)`
        }
        if (isRefusal(answer)) checkPause(host)
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

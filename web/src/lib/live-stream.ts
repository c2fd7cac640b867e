/** A stream of the server that is kept open: opened again when it breaks, closed while nobody looks at the page. */
import { useEffect, useRef, useState } from 'react'
import { ApiFailure } from './api.ts'

/** `lost`: what is shown may be out of date; it is being opened again. */
export type StreamState = 'connecting' | 'live' | 'lost' | 'refused'

export interface LiveStream<Message> {
  /** Opens it anew; called again whenever it has ended. */
  open(signal: AbortSignal): AsyncIterable<Message>
  onMessage(message: Message): void
  /** It has been opened again after a break: what was missed has to be asked for. */
  onReopened?(): void
}

const firstRetryMs = 500
const longestRetryMs = 10_000
/** Browsers allow six connections to a server over all tabs: a tab that nobody sees gives its own up. */
const hiddenGraceMs = 5_000

/** A change of `key` closes it and opens another; undefined opens none. */
export function useLiveStream<Message>(key: string | undefined, stream: LiveStream<Message>): StreamState {
  const [state, setState] = useState<StreamState>('connecting')
  const latest = useRef(stream)
  latest.current = stream
  useEffect(() => {
    if (key === undefined) return
    return keepOpen(() => latest.current, setState)
  }, [key])
  return state
}

/** Returns what closes it. */
export function keepOpen<Message>(
  stream: () => LiveStream<Message>,
  tell: (state: StreamState) => void,
  page: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'> = document,
): () => void {
  let connection: AbortController | undefined
  let hasBeenOpen = false
  let retryMs = firstRetryMs
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false

  async function run(): Promise<void> {
    const mine = new AbortController()
    connection = mine
    try {
      const messages = stream().open(mine.signal)
      for await (const message of messages) {
        if (mine.signal.aborted) return
        opened()
        stream().onMessage(message)
      }
    } catch (error) {
      if (mine.signal.aborted) return
      if (isFinal(error)) return tell('refused')
    }
    if (!mine.signal.aborted) again()
  }

  function opened(): void {
    if (retryMs === firstRetryMs && hasBeenOpen && state === 'live') return
    retryMs = firstRetryMs
    if (hasBeenOpen && state !== 'live') stream().onReopened?.()
    hasBeenOpen = true
    say('live')
  }

  let state: StreamState = 'connecting'
  function say(next: StreamState): void {
    if (state === next) return
    state = next
    tell(next)
  }

  function again(): void {
    connection = undefined
    say('lost')
    clearTimeout(timer)
    timer = setTimeout(start, retryMs * (0.75 + Math.random() / 2))
    retryMs = Math.min(longestRetryMs, retryMs * 2)
  }

  function start(): void {
    if (!isClosed && !connection && page.visibilityState === 'visible') void run()
  }

  function pause(): void {
    connection?.abort()
    connection = undefined
    if (hasBeenOpen) say('lost')
  }

  function onVisibility(): void {
    clearTimeout(timer)
    if (page.visibilityState === 'visible') start()
    else timer = setTimeout(pause, hiddenGraceMs)
  }

  tell('connecting')
  page.addEventListener('visibilitychange', onVisibility)
  start()
  return () => {
    isClosed = true
    clearTimeout(timer)
    page.removeEventListener('visibilitychange', onVisibility)
    connection?.abort()
  }
}

/** Asking again would get the same answer. */
function isFinal(error: unknown): boolean {
  return error instanceof ApiFailure && error.status >= 400 && error.status < 500 && error.status !== 429
}

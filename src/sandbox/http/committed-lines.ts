/** The lines of a watch, each held back until what it tells outlives the process. */
import type { Writable } from 'node:stream'
import type { Store } from '../store/store.ts'
import type { WatchClient } from './watch.ts'

type Lines = Pick<WatchClient, 'send' | 'end'>

/** When the disk refuses something, neither it nor anything later is told: the stream is cut off. */
export function committedLines(store: Pick<Store, 'isKept' | 'settled'>, out: Writable): Lines {
  if (!store.isKept) return { send: (line) => void out.write(line), end: () => void out.end() }
  let held = ''
  let isSending = false
  let isOver = false
  async function sendAll(): Promise<void> {
    isSending = true
    // What this turn of the event loop commits goes into one transaction
    await new Promise((resolve) => setImmediate(resolve))
    while (held !== '') {
      const lines = held
      held = ''
      await store.settled()
      out.write(lines)
    }
    isSending = false
    if (isOver) out.end()
  }
  return {
    send(line) {
      held += line
      if (!isSending) sendAll().catch(() => out.destroy())
    },
    end() {
      isOver = true
      if (!isSending) out.end()
    },
  }
}

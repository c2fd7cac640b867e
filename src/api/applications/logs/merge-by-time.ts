/** Several sequences, each in order, as one in order. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface MergeOptions<Item> {
  compare(one: Item, other: Item): number
  /** How long a sequence that is silent holds up the others; for ever unless given. */
  patienceMs?: number
  /** Yields undefined when nothing has come for so long. */
  tickMs: number
}

interface Source<Item> {
  iterator: AsyncIterator<Item>
  /** The next of it, once it is there. */
  head?: Item
  asking: boolean
  /** It was waited for long enough. */
  silent: boolean
  done: boolean
}

/** Holds one item of each and asks for no more. Rejects when one of them does. */
export async function* mergeByTime<Item>(
  sequences: AsyncIterable<Item>[],
  { compare, patienceMs = Number.POSITIVE_INFINITY, tickMs }: MergeOptions<Item>,
): AsyncGenerator<Item | undefined> {
  const sources = sequences.map(
    (sequence): Source<Item> => ({
      iterator: sequence[Symbol.asyncIterator](),
      asking: false,
      silent: false,
      done: false,
    }),
  )
  const news = openNews()

  function ask(source: Source<Item>): void {
    source.asking = true
    source.iterator.next().then(
      ({ value, done }) => {
        Object.assign(source, { asking: false, silent: false })
        if (done) source.done = true
        else source.head = value
        news.tell()
      },
      (error: unknown) => {
        source.done = true
        news.fail(error)
      },
    )
  }

  for (;;) {
    const open = sources.filter(({ done }) => !done)
    if (open.length === 0) return
    for (const source of open) if (source.head === undefined && !source.asking) ask(source)
    const isAwaited = ({ head, silent, done }: Source<Item>) => head === undefined && !silent && !done
    const heard = await news.until(() => !open.some(isAwaited), Math.min(patienceMs, tickMs))
    if (!heard && patienceMs <= tickMs) for (const source of open.filter(isAwaited)) source.silent = true
    if (open.some(isAwaited)) {
      yield undefined
      continue
    }
    const [first] = open
      .filter(({ head }) => head !== undefined)
      .sort((one, other) => compareHeads(one, other, compare))
    if (first?.head !== undefined) {
      const { head } = first
      first.head = undefined
      yield head
    } else if (!(await news.until(() => open.some(({ head, done }) => head !== undefined || done), tickMs))) {
      yield undefined
    }
  }
}

function compareHeads<Item>(
  { head: one }: Source<Item>,
  { head: other }: Source<Item>,
  compare: (one: Item, other: Item) => number,
): number {
  return one === undefined || other === undefined ? 0 : compare(one, other)
}

/** Wakes whoever waits. */
function openNews() {
  let waiting: AbortController | undefined
  let failure: { error: unknown } | undefined
  const tell = () => waiting?.abort()
  return {
    tell,
    fail(error: unknown) {
      failure = { error }
      tell()
    },
    /** False: it has not become so in that time. */
    async until(isSo: () => boolean, limitMs: number): Promise<boolean> {
      const deadline = performance.now() + limitMs
      for (;;) {
        if (failure) throw failure.error
        if (isSo()) return true
        const left = deadline - performance.now()
        if (left <= 0) return false
        waiting = new AbortController()
        await sleep(Math.min(left, 2 ** 31 - 1), undefined, { signal: waiting.signal }).catch(() => {})
        waiting = undefined
      }
    },
  }
}

/** Files that were downloaded lately, as many as there is room for. */
import { LRUCache } from 'lru-cache'

export interface Downloaded {
  /** When it was asked for. */
  at: number
  content: Promise<Buffer>
}

export interface Downloads {
  get(url: string): Downloaded | undefined
  /** Until it fails, or others need the room. */
  keep(url: string, download: Downloaded): void
  /** What those take that are here, in bytes. */
  readonly size: number
}

const mostBytes = 64 * 1024 * 1024

export function openDownloads(): Downloads {
  const kept = new LRUCache<string, Downloaded & { bytes: number }>({
    max: 200,
    maxSize: mostBytes,
    sizeCalculation: ({ bytes }) => bytes + 1,
  })
  return {
    get: (url) => kept.get(url),
    keep(url, download) {
      const entry = { ...download, bytes: 0 }
      kept.set(url, entry)
      download.content.then(
        ({ length }) => {
          if (kept.peek(url) === entry) kept.set(url, { ...entry, bytes: length })
        },
        () => {
          if (kept.peek(url) === entry) kept.delete(url)
        },
      )
    },
    get size() {
      return kept.calculatedSize
    },
  }
}

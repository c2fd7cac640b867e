/** Functions to be told of something. One that throws does not keep it from the others. */
import { messageOf } from '../model/index.ts'

export interface Log {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

export function listeners<News>(log: Log) {
  const all = new Set<(news: News) => void>()
  return {
    add(listener: (news: News) => void): () => void {
      all.add(listener)
      return () => void all.delete(listener)
    },
    tell(news: News): void {
      for (const listener of all) {
        try {
          listener(news)
        } catch (error) {
          log.warn({ error: messageOf(error) }, 'a listener of live state failed')
        }
      }
    },
  }
}

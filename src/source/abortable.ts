/** Lets one of several who wait for the same work give up, while the work goes on for the others. */
import { StageError } from '../model/index.ts'

export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const cancelled = (): StageError => new StageError('source', 'reading the source was cancelled', { retry: true })
  if (signal.aborted) {
    work.catch(() => {})
    throw cancelled()
  }
  let stop: () => void = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(cancelled())
  })
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

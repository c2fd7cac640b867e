/** The ApplicationSets as they are, then each change: of many changes of one that nobody has read yet, the last counts. */
import type { ControlPlane } from '../../live/index.ts'
import type { ApplicationSet } from '../../model/index.ts'
import { applicationSets } from './find-application-set.ts'

interface Message {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  applicationSet: ApplicationSet
}

interface WatchOptions {
  isVisible(applicationSet: ApplicationSet): boolean
  /** Ends the watch. */
  signal: AbortSignal
}

export async function* watchApplicationSets(
  controlPlane: Pick<ControlPlane, 'applicationSets' | 'onApplicationSets'>,
  { isVisible, signal }: WatchOptions,
): AsyncIterable<Message> {
  const waiting = new Map<string, Message>()
  let wake = () => {}
  const put = ({ type, applicationSet }: Message) => {
    const { name, namespace } = applicationSet.metadata
    const key = `${namespace}/${name}`
    const isNew = waiting.get(key)?.type === 'ADDED' && type === 'MODIFIED'
    waiting.set(key, { type: isNew ? 'ADDED' : type, applicationSet })
    wake()
  }
  const stop = controlPlane.onApplicationSets(({ type, applicationSet }) =>
    put({ type, applicationSet: applicationSet as ApplicationSet }),
  )
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort)
  try {
    for (const applicationSet of applicationSets(controlPlane as ControlPlane)) put({ type: 'ADDED', applicationSet })
    while (!signal.aborted) {
      for (const [key, message] of waiting) {
        waiting.delete(key)
        if (isVisible(message.applicationSet)) yield message
      }
      if (waiting.size === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    stop()
  }
}

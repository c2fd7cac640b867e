/** The log of one Pod, line by line, each with its time. */
import type { PodLogOptions } from '../../../kube/kube-client.ts'
import type { KubeClient } from '../../../live/index.ts'
import { messageOf } from '../../../model/index.ts'
import { type LogLine, logLines } from './log-line.ts'
import type { SelectedPod } from './selected-pods.ts'

/** A log that cannot be had (its container has not begun, say) is a line that says so: the others go on. */
export async function* podLog(
  client: Pick<KubeClient, 'logs'>,
  pod: SelectedPod,
  options: PodLogOptions,
): AsyncGenerator<LogLine> {
  let last: Pick<LogLine, 'time' | 'at'> = { time: '', at: { ms: 0, nanos: '' } }
  try {
    for await (const text of client.logs(pod, { ...options, timestamps: true })) {
      for (const line of logLines(text, pod.name, last)) {
        last = line
        yield line
      }
    }
  } catch (error) {
    if (options.signal?.aborted) return
    const now = new Date()
    const at = { ms: now.getTime(), nanos: '' }
    yield { podName: pod.name, content: messageOf(error), time: now.toISOString(), at }
  }
}

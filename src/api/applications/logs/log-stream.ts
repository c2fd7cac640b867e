/** The logs of Pods as one, by time, for as long as the reader may see them. */
import type { PodLogOptions } from '../../../kube/kube-client.ts'
import type { KubeClient } from '../../../live/index.ts'
import { recheckMs } from '../../standing-rights.ts'
import { compareTimes, type LogLine, type LogTime } from './log-line.ts'
import { mergeByTime } from './merge-by-time.ts'
import { podLog } from './pod-log.ts'
import type { SelectedPod } from './selected-pods.ts'

export interface LogRequest {
  client: Pick<KubeClient, 'logs'>
  pods: SelectedPod[]
  options: PodLogOptions
  isWanted(line: string): boolean
  /** Nothing after it is told. */
  until?: LogTime
  /** Throws when the reader may no longer see it; asked before each line, and while there is none. */
  check(): Promise<void>
  signal: AbortSignal
}

/** Who follows several Pods does not wait for those that are silent. */
const patienceMs = 100

export async function* logStream(request: LogRequest): AsyncGenerator<LogLine> {
  const { client, pods, options, isWanted, until, check } = request
  const leaving = new AbortController()
  const signal = AbortSignal.any([request.signal, leaving.signal])
  const logs = pods.map((pod) => podLog(client, pod, { ...options, signal }))
  const merged = mergeByTime(logs, {
    compare: (one: LogLine, other) => compareTimes(one.at, other.at),
    tickMs: recheckMs,
    ...(options.follow && { patienceMs }),
  })
  try {
    for await (const line of merged) {
      if (signal.aborted) return
      await check()
      if (!line) continue
      if (until && compareTimes(line.at, until) > 0) return
      if (isWanted(line.content)) yield line
    }
  } finally {
    leaving.abort()
  }
}

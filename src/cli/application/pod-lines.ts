/** Lines of the logs of several Pods: one Pod after the other, or all at once where they are followed. */
import type { KubeClient, PodLogOptions } from '../../kube/kube-client.ts'
import type { KubeObject } from '../../model/index.ts'
import type { LogLine } from './application-objects.ts'

export interface PodLines {
  options: PodLogOptions
  /** Lines with this text, or with `!` before it those without. */
  filter?: string
  matchCase?: boolean
  /** RFC 3339: lines up to then. */
  untilTime?: string
}

export async function* podLines(client: KubeClient, pods: KubeObject[], wanted: PodLines): AsyncIterable<LogLine> {
  const isWanted = lineFilter(wanted)
  const logs = pods.map((pod) => linesOf(client, pod, wanted))
  for await (const line of wanted.options.follow ? merged(logs) : inTurn(logs)) {
    if (isWanted(line.text)) yield line
  }
}

async function* linesOf(
  client: KubeClient,
  pod: KubeObject,
  { options, untilTime }: PodLines,
): AsyncGenerator<LogLine> {
  const { name, namespace = '' } = pod.metadata
  const [first] = ((pod.spec as { containers?: { name: string }[] } | undefined)?.containers ?? []).map(
    (one) => one.name,
  )
  const container = options.container ?? first
  const end = untilTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(untilTime)
  const asked = { ...options, ...(container && { container }), ...(untilTime && { timestamps: true }) }
  for await (const line of client.logs({ namespace, name }, asked)) {
    if (untilTime === undefined) yield { pod: name, text: line }
    else {
      const space = line.indexOf(' ')
      if (Date.parse(line.slice(0, space)) > end) return
      yield { pod: name, text: line.slice(space + 1) }
    }
  }
}

export function lineFilter({ filter, matchCase }: Pick<PodLines, 'filter' | 'matchCase'>): (text: string) => boolean {
  if (!filter) return () => true
  const inverted = filter.startsWith('!')
  const form = (text: string) => (matchCase ? text : text.toLowerCase())
  const word = form(inverted ? filter.slice(1) : filter)
  return (text) => form(text).includes(word) !== inverted
}

async function* inTurn(logs: AsyncGenerator<LogLine>[]): AsyncIterable<LogLine> {
  for (const log of logs) yield* log
}

/** Whichever has a line next. */
export async function* merged(logs: AsyncGenerator<LogLine>[]): AsyncIterable<LogLine> {
  const waiting = new Map(logs.map((log) => [log, nextOf(log)]))
  while (waiting.size > 0) {
    const { log, result } = await Promise.race(waiting.values())
    if (result.done) waiting.delete(log)
    else {
      waiting.set(log, nextOf(log))
      yield result.value
    }
  }
}

async function nextOf(log: AsyncGenerator<LogLine>) {
  return { log, result: await log.next() }
}

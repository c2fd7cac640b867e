/** The log of an object as it comes: kept open, gone on with after a break, and drawn no more often than one can see. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Application, api, type ResourceNode, routes } from '../../../lib/api.ts'
import { useLiveStream } from '../../../lib/live-stream.ts'
import { addressOf, addressText, home } from '../queries/object-address.ts'
import { createLogBuffer, type LogEntry, type LogLine } from './log-buffer.ts'

export interface LogQuestion {
  /** A Pod, or what owns Pods. */
  node: ResourceNode
  /** One of the Pods of the owner. */
  pod: string | undefined
  container: string | undefined
  /** The life of the container before this one. */
  previous: boolean
  tailLines?: number
  sinceSeconds?: number
}

/** `waiting`: open, and no line yet. `ended`: there is nothing after it. */
export type LogState = 'connecting' | 'waiting' | 'live' | 'ended' | 'lost' | 'refused'

export interface LogStream {
  lines: readonly LogLine[]
  /** Older lines that are not kept here. */
  dropped: number
  state: LogState
  error: unknown
  /** Goes on after the end: the container may run again. */
  again(): void
}

const drawMs = 100
/** What several Pods have said already comes one Pod after the other: it is put in order of time before it is shown. */
const firstDrawMs = 350

/** `isReady`: what is asked for is known. */
export function useLogStream(application: Application, question: LogQuestion, isReady: boolean): LogStream {
  const [round, setRound] = useState(0)
  const key = `${addressText(addressOf(question.node))}|${JSON.stringify(logQuery(question))}`
  const roundKey = `${key}|${round}`
  const [shown, setShown] = useState<{ key: string; lines: readonly LogLine[]; dropped: number }>()
  const [isOpen, setOpen] = useState(false)
  const [endedKey, setEndedKey] = useState<string>()
  const [failed, setFailed] = useState<{ key: string; error: unknown }>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is another log
  const buffer = useMemo(() => createLogBuffer(), [key])
  const waiting = useRef<LogEntry[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const draw = useCallback(() => {
    timer.current = undefined
    const isFirst = buffer.lines().length === 0
    buffer.add(isFirst ? waiting.current.sort(byTime) : waiting.current)
    waiting.current = []
    setShown({ key, lines: buffer.lines(), dropped: buffer.dropped() })
  }, [buffer, key])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits belongs to the log that was asked for
  useEffect(() => {
    waiting.current = []
    return () => {
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [key])

  const isEnded = endedKey === roundKey
  const stream = useLiveStream(isEnded || !isReady ? undefined : roundKey, {
    open: (signal) => {
      draw()
      return opened(application, { question, from: buffer.resumeTime() }, signal, {
        opening: () => buffer.resume(),
        opened: () => setOpen(true),
        closed: () => setOpen(false),
        failed: (error) => setFailed({ key: roundKey, error }),
      })
    },
    onMessage: (entry) => {
      if (entry.last) setEndedKey(roundKey)
      else waiting.current.push(entry)
      timer.current ??= setTimeout(draw, buffer.lines().length === 0 ? firstDrawMs : drawMs)
    },
  })

  const lines = shown?.key === key ? shown.lines : none
  const state: LogState = isEnded
    ? 'ended'
    : isOpen
      ? lines.length > 0
        ? 'live'
        : 'waiting'
      : stream === 'live'
        ? 'connecting'
        : stream
  return {
    lines,
    dropped: shown?.key === key ? shown.dropped : 0,
    state,
    error: failed?.key === roundKey && !isOpen ? failed.error : undefined,
    again: () => setRound((before) => before + 1),
  }
}

const none: readonly LogLine[] = []

function byTime(one: LogEntry, other: LogEntry): number {
  return one.timeStampStr < other.timeStampStr ? -1 : one.timeStampStr > other.timeStampStr ? 1 : 0
}

interface Telling {
  opening(): void
  opened(): void
  closed(): void
  failed(error: unknown): void
}

async function* opened(
  application: Application,
  { question, from }: { question: LogQuestion; from: string | undefined },
  signal: AbortSignal,
  tell: Telling,
) {
  const { tailLines: _tail, sinceSeconds: _since, ...rest } = logQuery(question)
  const range = from === undefined ? logQuery(question) : { ...rest, sinceTime: from }
  tell.opening()
  try {
    yield* api.stream(routes.applicationStreams.logs, {
      params: { name: application.metadata.name },
      query: { ...home(application), ...range, follow: !question.previous },
      signal,
      opened: tell.opened,
    })
  } catch (error) {
    if (!signal.aborted) tell.failed(error)
    throw error
  } finally {
    tell.closed()
  }
}

function logQuery({ node, pod, container, previous, tailLines, sinceSeconds }: LogQuestion) {
  const { group = '', kind = '', namespace = '', name = '' } = node
  const podName = kind === 'Pod' && group === '' ? name : pod
  return {
    namespace,
    ...(podName ? { podName } : { group, kind, resourceName: name }),
    ...(container && { container }),
    ...(previous && { previous }),
    ...(tailLines && { tailLines }),
    ...(sinceSeconds && { sinceSeconds }),
  }
}

/** Where the whole of it is to be had as a file. */
export function downloadAddress(application: Application, question: LogQuestion): string {
  const { tailLines: _, ...rest } = logQuery(question)
  const query = { ...home(application), ...rest, download: true }
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
  const path = routes.applicationStreams.logs.path.replace('{name}', encodeURIComponent(application.metadata.name))
  return `${path}?${new URLSearchParams(pairs)}`
}

/** What of a log somebody asks for. Pure. */
import type { PodLogOptions } from '../../../kube/kube-client.ts'
import { ApiError } from '../../api-error.ts'
import { type LogTime, readTime } from './log-line.ts'

export interface LogQuery {
  container?: string
  follow?: boolean
  previous?: boolean
  sinceSeconds?: number
  sinceTime?: string
  'sinceTime.seconds'?: number
  tailLines?: number
  untilTime?: string
}

/** 0 and nothing mean the same, as in Argo CD. */
export function logOptions(query: LogQuery): PodLogOptions {
  const { container, follow, previous, sinceSeconds = 0, tailLines = 0 } = query
  const since = sinceText(query)
  return {
    ...(container && { container }),
    ...(follow && { follow }),
    ...(previous && { previous }),
    // A server takes one of the two.
    ...(since ? { sinceTime: since } : sinceSeconds > 0 && { sinceSeconds }),
    ...(tailLines > 0 && { tailLines }),
  }
}

function sinceText({ sinceTime, 'sinceTime.seconds': seconds = 0 }: LogQuery): string | undefined {
  if (seconds > 0 && seconds < 1e11) return new Date(seconds * 1000).toISOString()
  if (sinceTime && !readTime(sinceTime)) throw noTime('sinceTime', sinceTime)
  return sinceTime
}

export function untilTime({ untilTime: text }: LogQuery): LogTime | undefined {
  if (!text) return undefined
  const time = readTime(text)
  if (!time) throw noTime('untilTime', text)
  return time
}

function noTime(name: string, text: string): ApiError {
  return new ApiError('InvalidArgument', `${name} is ${JSON.stringify(text)}: give a time such as 2026-01-31T12:00:00Z`)
}

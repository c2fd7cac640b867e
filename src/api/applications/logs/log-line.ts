/** A line of a container's log, with the time that the kubelet has put before it. Pure. */

export interface LogLine {
  podName: string
  content: string
  /** RFC 3339, with as many digits as the kubelet gives. */
  time: string
  /** To sort by. */
  at: LogTime
}

export interface LogTime {
  /** Of whole seconds, since the epoch. */
  ms: number
  /** Nine digits. */
  nanos: string
}

const stamped = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2}) ?/

/** One for each part between carriage returns, as a progress bar writes them. */
export function logLines(text: string, podName: string, before: Pick<LogLine, 'time' | 'at'>): LogLine[] {
  const match = stamped.exec(text)
  const { time, at } = match ? { time: match[0].trimEnd(), at: timeOf(match) } : before
  const rest = match ? text.slice(match[0].length) : text
  return rest.split('\r').map((content) => ({ podName, content, time, at }))
}

/** undefined: it is no time. */
export function readTime(text: string): LogTime | undefined {
  const match = stamped.exec(text)
  return match?.[0].length === text.length ? timeOf(match) : undefined
}

function timeOf([, seconds, fraction = '', zone]: RegExpExecArray): LogTime {
  return { ms: Date.parse(`${seconds}${zone}`), nanos: fraction.padEnd(9, '0') }
}

export function compareTimes(one: LogTime, other: LogTime): number {
  return one.ms - other.ms || (one.nanos < other.nanos ? -1 : one.nanos > other.nanos ? 1 : 0)
}

/** What a client sees of it. */
export function logEntry({ content, time, at, podName }: LogLine) {
  return { content, timeStamp: secondsText(at.ms), timeStampStr: time, podName, last: false }
}

export function lastEntry(now: Date) {
  return {
    content: '',
    timeStamp: secondsText(now.getTime()),
    timeStampStr: now.toISOString(),
    podName: '',
    last: true,
  }
}

function secondsText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** The lines of a log, the newest of them, each with a number that stays its own; and which of them hold a text. Pure. */

export interface LogLine {
  /** Counts from 1 and goes on when the oldest are dropped. */
  number: number
  text: string
  /** RFC 3339, to the nanosecond. */
  time: string
  pod: string
}

export interface LogEntry {
  content: string
  timeStampStr: string
  podName: string
}

export interface LogBuffer {
  /** The same array until something is added. */
  lines(): readonly LogLine[]
  add(entries: readonly LogEntry[]): void
  /** How many have been dropped since the beginning. */
  dropped(): number
  /** From when on a log has to be asked for that goes on where this one ends; undefined: from the beginning. */
  resumeTime(): string | undefined
  /** What comes next begins again at `resumeTime`: lines that are known are passed over. */
  resume(): void
}

/** More than anybody reads; what is older is for the download. */
export const mostLines = 100_000
/** Dropping one line at a time would copy all others each time. */
const slack = 5_000

interface Seen {
  time: string
  /** Lines of exactly that time. */
  count: number
}

export function createLogBuffer(most = mostLines): LogBuffer {
  let lines: LogLine[] = []
  let count = 0
  const seen = new Map<string, Seen>()
  /** Of each Pod, what is known already and will come again. */
  let known = new Map<string, Seen>()

  function isKnown({ podName, timeStampStr: time }: LogEntry): boolean {
    const last = known.get(podName)
    if (!last || time === '') return false
    if (time < last.time) return true
    if (time > last.time || last.count === 0) {
      known.delete(podName)
      return false
    }
    known.set(podName, { time, count: last.count - 1 })
    return true
  }

  function note({ podName, timeStampStr: time }: LogEntry): void {
    const last = seen.get(podName)
    if (!last || time > last.time) seen.set(podName, { time, count: 1 })
    else if (time === last.time) last.count++
  }

  return {
    lines: () => lines,
    dropped: () => count - lines.length,
    add(entries) {
      const fresh: LogLine[] = []
      for (const entry of entries) {
        if (isKnown(entry)) continue
        note(entry)
        count++
        fresh.push({ number: count, text: plainText(entry.content), time: entry.timeStampStr, pod: entry.podName })
      }
      if (fresh.length === 0) return
      const all = lines.concat(fresh)
      lines = all.length > most + slack ? all.slice(-most) : all
    },
    resumeTime() {
      const times = [...seen.values()].map(({ time }) => time).sort()
      return times[0] || undefined
    },
    resume() {
      known = new Map([...seen].map(([pod, last]) => [pod, { ...last }]))
    },
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told colours by them
const escapes = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])/g

/** Without colours and moves of a cursor, which mean something to terminals only. */
export function plainText(text: string): string {
  return text.includes('\u001b') ? text.replace(escapes, '') : text
}

export interface LogSearch {
  text: string
  matchCase: boolean
}

/** Where a text stands in a line, from left to right. */
export function matchesIn(line: string, { text, matchCase }: LogSearch): number[] {
  if (text === '') return []
  const where = matchCase ? line : line.toLowerCase()
  const what = matchCase ? text : text.toLowerCase()
  const found: number[] = []
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) found.push(at)
  return found
}

/**
 * The lines that hold a text. Looks only at what is new since it was asked last, so that a log may run while it is searched.
 */
export function createLogFilter(search: LogSearch): (lines: readonly LogLine[]) => readonly LogLine[] {
  let found: LogLine[] = []
  let looked = 0
  const holds = holder(search)
  return (lines) => {
    const first = lines[0]?.number ?? 0
    const fresh = lines.filter((line) => line.number > looked && holds(line.text))
    const isTrimmed = found.length > 0 && (found[0]?.number ?? 0) < first
    if (fresh.length > 0 || isTrimmed) found = [...found.filter(({ number }) => number >= first), ...fresh]
    looked = lines.at(-1)?.number ?? looked
    return found
  }
}

function holder({ text, matchCase }: LogSearch): (line: string) => boolean {
  if (matchCase) return (line) => line.includes(text)
  const folded = text.toLowerCase()
  return (line) => line.toLowerCase().includes(folded)
}

/** What tells the Pods of one owner apart: names without what all of them begin with. */
export function shortPodNames(names: readonly string[]): Map<string, string> {
  const parts = names.map((name) => name.split('-'))
  const shortest = Math.min(...parts.map(({ length }) => length))
  let same = 0
  while (names.length > 1 && same < shortest - 1 && parts.every((part) => part[same] === parts[0]?.[same])) same++
  return new Map(names.map((name, index) => [name, parts[index]?.slice(same).join('-') ?? name]))
}

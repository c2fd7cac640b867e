/** The lines of a log: only those in sight are drawn; at the end it follows, and stays where it is when one has scrolled up. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { count, useLanguage } from '../../../lib/language.ts'
import { Button } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { type LogLine, type LogSearch, matchesIn, shortPodNames } from './log-buffer.ts'
import styles from './logs.module.css'
import { useLogTexts } from './texts.ts'

export interface LogLinesProps {
  label: string
  lines: readonly LogLine[]
  search: LogSearch
  /** The match that one has gone to. */
  current: LogLine | undefined
  /** Told apart by name and colour; empty where there is only one. */
  podNames: string[]
  wraps: boolean
  showsTimes: boolean
  /** What stands there while there are none. */
  empty: string
}

const lineHeight = 18
/** Nearer to the end than this counts as being there. */
const atEnd = 30
const colours = [styles.pod0, styles.pod1, styles.pod2, styles.pod3, styles.pod4, styles.pod5]

export function LogLines({ label, lines, search, current, podNames, wraps, showsTimes, empty }: LogLinesProps) {
  const t = useLogTexts()
  const language = useLanguage()
  const box = useRef<HTMLDivElement>(null)
  const [isFollowing, setFollowing] = useState(true)
  const [leftAt, setLeftAt] = useState(0)
  // Another function would have all lines measured anew, with every scroll.
  const keyOf = useCallback((index: number) => lines[index]?.number ?? index, [lines])
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    getItemKey: keyOf,
    overscan: 20,
  })
  const last = lines.at(-1)?.number ?? 0
  const latest = useRef(last)
  latest.current = last
  const podKey = podNames.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same names are the same
  const names = useMemo(() => shortPodNames(podNames), [podKey])

  /** A Pod keeps its colour, whoever comes and goes. */
  const seen = useRef(new Map<string, number>())
  const colourOf = (pod: string) => {
    const index = seen.current.get(pod) ?? seen.current.size
    seen.current.set(pod, index)
    return colours[index % colours.length]
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line is followed
  useLayoutEffect(() => {
    if (isFollowing && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [last, isFollowing, wraps, lines.length])

  const at = current ? lines.indexOf(current) : -1
  useEffect(() => {
    if (at < 0) return
    setFollowing(false)
    setLeftAt(latest.current)
    virtual.scrollToIndex(at, { align: 'center' })
  }, [at, virtual])

  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are others then
  useEffect(() => virtual.measure(), [wraps, showsTimes, virtual])

  function onScroll(): void {
    const element = box.current
    if (!element) return
    const isThere = element.scrollHeight - element.scrollTop - element.clientHeight < atEnd
    if (isThere === isFollowing) return
    setFollowing(isThere)
    if (!isThere) setLeftAt(last)
  }

  const missed = last - leftAt
  return (
    <div className={styles.frame}>
      <div
        ref={box}
        className={classes(styles.lines, wraps && styles.wraps)}
        onScroll={onScroll}
        role="log"
        aria-live="off"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
        tabIndex={0}
      >
        {lines.length === 0 && <p className={styles.empty}>{empty}</p>}
        <div className={styles.all} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index]
            if (!line) return null
            return (
              <div
                key={item.key}
                ref={wraps ? virtual.measureElement : undefined}
                data-index={item.index}
                className={classes(styles.line, line === current && styles.current)}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {podNames.length > 0 && (
                  <span className={classes(styles.pod, colourOf(line.pod))} title={line.pod}>
                    {names.get(line.pod) ?? line.pod}
                  </span>
                )}
                {showsTimes && <span className={styles.time}>{shortTime(line.time)}</span>}
                <Text text={line.text} search={search} />
              </div>
            )
          })}
        </div>
      </div>
      {!isFollowing && lines.length > 0 && (
        <div className={styles.follow}>
          <Button icon={<ArrowDown />} onClick={() => setFollowing(true)} aria-label={t.follow} title={t.follow}>
            {missed > 0 ? t.newLines(count(language, missed, t.line, t.lines)) : t.follow}
          </Button>
        </div>
      )}
    </div>
  )
}

/** In the zone of the reader, to the millisecond. */
function shortTime(time: string): string {
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return ''
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const ms = String(at.getMilliseconds()).padStart(3, '0')
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`
}

const Text = memo(function Text({ text, search }: { text: string; search: LogSearch }) {
  const starts = matchesIn(text, search)
  if (starts.length === 0) return <span className={styles.text}>{text}</span>
  const { length } = search.text
  return (
    <span className={styles.text}>
      {starts.map((start, index) => {
        const before = index === 0 ? 0 : (starts[index - 1] ?? 0) + length
        return (
          <span key={start}>
            {text.slice(before, start)}
            <mark>{text.slice(start, start + length)}</mark>
          </span>
        )
      })}
      {text.slice((starts.at(-1) ?? 0) + length)}
    </span>
  )
})

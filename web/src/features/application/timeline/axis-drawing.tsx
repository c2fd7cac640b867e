/** The time axis: a lane for each sort of thing that happens. What it says is in the list beside it too. */
import type { MouseEvent } from 'react'
import { type Language, useLanguage } from '../../../lib/language.ts'
import { toneOf } from '../../../ui/status.tsx'
import { marksOf, type Span, ticksOf, timeAt, xOf } from './axis.ts'
import { lanes, type Moment } from './moments.ts'
import { useTimelineTexts } from './timeline-texts.ts'
import styles from './timeline-view.module.css'

export interface AxisDrawingProps {
  moments: Moment[]
  span: Span
  width: number
  /** The moment that is looked at. */
  at: number | undefined
  onChoose(at: number, moment: Moment | undefined): void
}

const laneHeight = 30
const footHeight = 22
const namesWidth = 84
const end = 16

export function AxisDrawing({ moments, span, width, at, onChoose }: AxisDrawingProps) {
  const t = useTimelineTexts()
  const language = useLanguage()
  const inner = Math.max(80, width - namesWidth - end)
  const height = lanes.length * laneHeight
  const marks = marksOf(moments, span, inner)
  const choose = (event: MouseEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const x = event.clientX - left - namesWidth
    const lane = lanes[Math.floor((event.clientY - top) / laneHeight)]
    const hit = marks.find((mark) => mark.lane === lane && Math.abs(mark.x - x) < 10)
    const moment = hit?.moments.at(-1)
    onChoose(moment?.at ?? timeAt(x, span, inner), moment)
  }
  return (
    <svg className={styles.axis} width={width} height={height + footHeight} aria-hidden="true" onClick={choose}>
      {lanes.map((lane, index) => (
        <g key={lane} transform={`translate(0 ${index * laneHeight})`}>
          <text className={styles.lane} x={0} y={laneHeight / 2 + 4}>
            {t.lanes[lane]}
          </text>
          <line
            className={styles.line}
            x1={namesWidth}
            x2={namesWidth + inner}
            y1={laneHeight / 2}
            y2={laneHeight / 2}
          />
        </g>
      ))}
      {ticksOf(span, inner).map((tick) => (
        <g key={tick} transform={`translate(${namesWidth + xOf(tick, span, inner)} 0)`}>
          <line className={styles.tick} y1={0} y2={height} />
          <text className={styles.time} y={height + 15} textAnchor="middle">
            {tickText(tick, span, language)}
          </text>
        </g>
      ))}
      {at !== undefined && at >= span.from && (
        <line
          className={styles.cursor}
          x1={namesWidth + xOf(at, span, inner)}
          x2={namesWidth + xOf(at, span, inner)}
          y1={0}
          y2={height}
        />
      )}
      {marks.map(({ lane, x, moments: together }) => {
        const latest = together.at(-1)
        const isChosen = at !== undefined && together.some((moment) => moment.at === at)
        return (
          <g
            key={`${lane} ${latest?.id}`}
            transform={`translate(${namesWidth + x} ${lanes.indexOf(lane) * laneHeight + laneHeight / 2})`}
            className={styles[`mark-${latest?.status ? toneOf(latest.status) : 'plain'}`]}
          >
            {isChosen && <circle className={styles.ring} r={11} />}
            <MarkShape tone={latest?.status ? toneOf(latest.status) : 'plain'} />
            {together.length > 1 && (
              <text className={styles.together} x={9} y={-5}>
                {together.length}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

/** Told apart by shape as well as by colour. */
function MarkShape({ tone }: { tone: string }) {
  if (tone === 'bad') return <path d="M0-6.5 6.5 5.5H-6.5Z" />
  if (tone === 'drift') return <path d="M0-6.5 6.5 0 0 6.5-6.5 0Z" />
  if (tone === 'plain') return <circle r={4.5} className={styles.open} />
  return <circle r={5.5} />
}

function tickText(at: number, { from, to }: Span, language: Language): string {
  const isLong = to - from > 2 * 86_400_000
  const options: Intl.DateTimeFormatOptions = isLong
    ? { day: 'numeric', month: 'short' }
    : { hour: '2-digit', minute: '2-digit' }
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'fr', options).format(at)
}

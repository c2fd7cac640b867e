/** A week of sync windows: seven days of 24 hours; what allows and what denies, told apart by colour, stripes and word. */
import { useId } from 'react'
import { texts, useLanguage } from '../../../../lib/language.ts'
import { useNow } from '../../../../lib/time.ts'
import { classes } from '../../../../ui/classes.ts'
import { clock, dayNames } from './describe-schedule.ts'
import { offsetOf, type PlacedSpan, placed, spansOfWeek, weekStart } from './week.ts'
import styles from './week-calendar.module.css'

export interface CalendarWindow {
  kind?: string | undefined
  schedule?: string | undefined
  duration?: string | undefined
  timeZone?: string | undefined
  description?: string | undefined
}

const useTexts = texts({
  en: {
    label: (zone: string) => `Sync windows of this week, on the clock of ${zone}`,
    allow: 'Allows',
    deny: 'Denies',
    now: 'Now',
    none: 'No window is open this week.',
  },
  fr: {
    label: (zone: string) => `Fenêtres de synchronisation de la semaine, à l’heure de ${zone}`,
    allow: 'Autorise',
    deny: 'Interdit',
    now: 'Maintenant',
    none: 'Aucune fenêtre n’est ouverte cette semaine.',
  },
})

const hourHeight = 14
const dayWidth = 100
const dayMs = 24 * 3_600_000
const height = 24 * hourHeight

/** `chosen` is seen, the others stand behind it. */
export function WeekCalendar({
  windows,
  zone,
  chosen,
  onChoose,
}: {
  windows: CalendarWindow[]
  zone: string
  chosen?: number | undefined
  onChoose?(window: number): void
}) {
  const t = useTexts()
  const language = useLanguage()
  const now = useNow()
  const patterns = useId()
  const start = weekStart(now, zone)
  const spans = placed(spansOfWeek(windows, { start, zone }))
  const sinceStart = now + offsetOf(zone, now) - start
  const today = Math.floor(sinceStart / dayMs)
  const minuteOfDay = (sinceStart % dayMs) / 60_000
  const names = dayNames(language)

  const wordsOf = (span: PlacedSpan) => {
    const { kind, description } = windows[span.window] ?? {}
    const verb = kind === 'deny' ? t.deny : t.allow
    return `${verb} · ${names[span.day]} ${clock(span.from)}–${clock(span.to)}${description ? ` · ${description}` : ''}`
  }

  return (
    <figure className={styles.calendar} aria-label={t.label(zone)}>
      <div className={styles.days} aria-hidden="true">
        {names.map((name, day) => (
          <span key={name} className={classes(styles.day, day === today && styles.today)}>
            {name} <span className={styles.date}>{new Date(start + day * dayMs).getUTCDate()}</span>
          </span>
        ))}
      </div>
      <div className={styles.body}>
        <div className={styles.hours} aria-hidden="true">
          {[0, 6, 12, 18, 24].map((hour) => (
            <span key={hour} style={{ top: hour * hourHeight }}>
              {clock(hour * 60)}
            </span>
          ))}
        </div>
        <svg
          className={styles.week}
          viewBox={`0 0 ${7 * dayWidth} ${height}`}
          height={height}
          preserveAspectRatio="none"
          role="img"
          aria-label={spans.length === 0 ? t.none : spans.map(wordsOf).join('; ')}
        >
          <defs>
            <Stripes id={`${patterns}allow`} className={styles.allowStripes} angle={45} />
            <Stripes id={`${patterns}deny`} className={styles.denyStripes} angle={-45} />
          </defs>
          {[6, 12, 18].map((hour) => (
            <line
              key={hour}
              className={styles.line}
              x1={0}
              x2={7 * dayWidth}
              y1={hour * hourHeight}
              y2={hour * hourHeight}
            />
          ))}
          {[1, 2, 3, 4, 5, 6].map((day) => (
            <line key={day} className={styles.line} x1={day * dayWidth} x2={day * dayWidth} y1={0} y2={height} />
          ))}
          {spans.map((span) => {
            const width = (dayWidth - 8) / span.lanes
            const isDeny = windows[span.window]?.kind === 'deny'
            const box = {
              x: span.day * dayWidth + 4 + span.lane * width,
              y: (span.from / 60) * hourHeight,
              width: Math.max(6, width - 2),
              height: Math.max(3, ((span.to - span.from) / 60) * hourHeight - 1),
            }
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: the list below the calendar does the same by keys
              <g
                key={`${span.window} ${span.day} ${span.from}`}
                className={classes(
                  styles.span,
                  isDeny ? styles.deny : styles.allow,
                  chosen !== undefined && chosen !== span.window && styles.faint,
                  onChoose && styles.choosable,
                )}
                onClick={() => onChoose?.(span.window)}
              >
                <title>{wordsOf(span)}</title>
                <rect {...box} className={styles.ground} rx={2} />
                <rect {...box} fill={`url(#${patterns}${isDeny ? 'deny' : 'allow'})`} rx={2} />
                <rect {...box} className={styles.edge} rx={2} vectorEffect="non-scaling-stroke" />
              </g>
            )
          })}
          {today >= 0 && today < 7 && (
            <line
              className={styles.now}
              x1={today * dayWidth}
              x2={(today + 1) * dayWidth}
              y1={(minuteOfDay / 60) * hourHeight}
              y2={(minuteOfDay / 60) * hourHeight}
              vectorEffect="non-scaling-stroke"
            />
          )}
        </svg>
      </div>
      <figcaption className={styles.legend}>
        <span className={classes(styles.key, styles.allow)}>
          <Sample patternId={`${patterns}allow`} />
          {t.allow}
        </span>
        <span className={classes(styles.key, styles.deny)}>
          <Sample patternId={`${patterns}deny`} />
          {t.deny}
        </span>
        <span className={styles.key}>
          <span className={styles.nowSample} aria-hidden="true" />
          {t.now}
        </span>
        <span className={styles.zone}>{zone}</span>
      </figcaption>
    </figure>
  )
}

function Stripes({ id, className, angle }: { id: string; className: string | undefined; angle: number }) {
  return (
    <pattern id={id} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform={`rotate(${angle})`}>
      <line className={className} x1={0} x2={0} y1={0} y2={6} strokeWidth={4} />
    </pattern>
  )
}

function Sample({ patternId }: { patternId: string }) {
  return (
    <svg width={20} height={12} aria-hidden="true">
      <rect className={styles.ground} width={20} height={12} rx={2} />
      <rect width={20} height={12} rx={2} fill={`url(#${patternId})`} />
      <rect className={styles.edge} x={0.5} y={0.5} width={19} height={11} rx={2} />
    </svg>
  )
}

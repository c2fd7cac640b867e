/** What has happened to an application on one axis, as a list beside it, and what is known of any moment. */
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Application } from '../../../lib/api.ts'
import { useLanguage } from '../../../lib/language.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { exactTime, useNow } from '../../../lib/time.ts'
import { Button } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { Status, StatusMark } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { useApplicationEvents } from '../data/application-events.ts'
import type { ApplicationName } from '../data/application-key.ts'
import { deployedRevisions, wantedRevisions } from '../data/facts.ts'
import { comparisonVersion } from '../data/managed-resources.ts'
import { type RevisionQuestion, useRevisions } from '../data/revision-metadata.ts'
import { fittingRange, ranges, spanOf } from './axis.ts'
import { AxisDrawing } from './axis-drawing.tsx'
import { HappeningText } from './happening-text.tsx'
import { knownAt, type Moment, momentsOf } from './moments.ts'
import { useTimelineTexts } from './timeline-texts.ts'
import styles from './timeline-view.module.css'

export function TimelineView({ named, application }: { named: ApplicationName; application: Application }) {
  const t = useTimelineTexts()
  const search = useSearchState()
  const now = useNow()
  const commits = useRevisions(named, questionsOf(application))
  const { data: events, error, isPending } = useApplicationEvents(named, eventsVersion(application))
  const moments = useMemo(
    () => momentsOf({ application, events: events ?? [], commits }),
    [application, events, commits],
  )
  const [frame, width] = useWidth()
  const range = ranges.find((one) => one === search.get('range')) ?? fittingRange(moments, now)
  const span = spanOf(range, moments, now)
  const at = readTime(search.get('at'))
  const shown = moments.filter((moment) => moment.at >= span.from).reverse()
  const choose = (time: number) => search.set({ at: new Date(time).toISOString() }, { replace: true })
  if (isPending && !error) return <Skeleton rows={8} height={28} />
  return (
    <section className={styles.view} aria-label={t.label}>
      {error !== null && <Notice tone="drift">{t.noEvents}</Notice>}
      <Segmented
        label={t.range}
        choices={ranges.map((id) => ({ id, label: t.ranges[id] }))}
        chosen={range}
        onChoose={(id) => search.set({ range: id }, { replace: true })}
      />
      <div ref={frame} className={styles.frame}>
        {width > 0 && <AxisDrawing moments={moments} span={span} width={width} at={at} onChoose={choose} />}
      </div>
      <div className={styles.columns}>
        {shown.length === 0 ? (
          <Empty title={t.none} />
        ) : (
          <ol className={styles.list}>
            {shown.map((moment) => (
              <MomentRow key={moment.id} moment={moment} isChosen={moment.at === at} onChoose={choose} />
            ))}
          </ol>
        )}
        <KnownOf
          moments={moments}
          at={at ?? now}
          isNow={at === undefined}
          onNow={() => search.set({ at: undefined })}
        />
      </div>
    </section>
  )
}

interface MomentRowProps {
  moment: Moment
  isChosen: boolean
  onChoose(at: number): void
}

function MomentRow({ moment, isChosen, onChoose }: MomentRowProps) {
  const { at, status, happening } = moment
  return (
    <li>
      <button
        type="button"
        className={classes(styles.moment, isChosen && styles.chosen)}
        aria-pressed={isChosen}
        onClick={() => onChoose(at)}
      >
        <span className={styles.shape}>
          {status ? <StatusMark status={status} /> : <span className={styles.dot} />}
        </span>
        <span className={styles.words}>
          <HappeningText happening={happening} />
        </span>
        <span className={styles.when}>
          <Time at={new Date(at).toISOString()} />
        </span>
      </button>
    </li>
  )
}

interface KnownOfProps {
  moments: Moment[]
  at: number
  isNow: boolean
  onNow(): void
}

function KnownOf({ moments, at, isNow, onNow }: KnownOfProps) {
  const t = useTimelineTexts()
  const language = useLanguage()
  const { deployed, sync, health } = knownAt(moments, at)
  return (
    <aside className={styles.known} aria-live="polite">
      <h2 className={styles.knownTitle}>{t.knownAt}</h2>
      <p className={styles.quiet}>{isNow ? t.now : exactTime(new Date(at), language)}</p>
      <dl className={styles.facts}>
        <dt>{t.ran}</dt>
        <dd>{deployed ? <HappeningText happening={deployed} /> : t.nothingYet}</dd>
        <dt>{t.stood}</dt>
        <dd>{sync ? <Status status={sync} /> : t.unknown}</dd>
        <dt>{t.felt}</dt>
        <dd>
          {health ? <Status status={health.to} /> : t.unknown}
          {health?.message && <span className={styles.message}>{health.message}</span>}
        </dd>
      </dl>
      {!isNow && (
        <Button kind="quiet" onClick={onNow}>
          {t.close}
        </Button>
      )}
    </aside>
  )
}

/** As many commits as a history has entries. */
function questionsOf(application: Application): RevisionQuestion[] {
  const history = application.status?.history ?? []
  return [
    ...wantedRevisions(application).map((revision, sourceIndex) => ({ revision, sourceIndex })),
    ...history.flatMap((entry) =>
      deployedRevisions(entry).map((revision, sourceIndex) => ({ revision, sourceIndex, versionId: entry.id })),
    ),
  ]
}

function eventsVersion(application: Application): string {
  const { health, operationState } = application.status ?? {}
  return JSON.stringify([
    comparisonVersion(application),
    health?.status,
    operationState?.phase,
    application.metadata.generation,
  ])
}

function readTime(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : time
}

function useWidth() {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const { current } = frame
    if (!current) return
    const observer = new ResizeObserver(() => setWidth(current.clientWidth))
    observer.observe(current)
    return () => observer.disconnect()
  })
  return [frame, width] as const
}

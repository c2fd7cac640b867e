/** The fleet in numbers: how many applications by state, health, sync, project and cluster; each bar filters. */
import type { ApplicationCounts } from '../../../lib/api.ts'
import { count, useLanguage } from '../../../lib/language.ts'
import { classes } from '../../../ui/classes.ts'
import { StatusMark, toneOf } from '../../../ui/status.tsx'
import { type FilterName, facetOf } from '../filter/filter.ts'
import { useFilterWords } from '../filter/filter-words.ts'
import type { ListState } from '../list/use-list-state.ts'
import { usePageTexts } from '../texts.ts'
import styles from './application-summary.module.css'
import { standingLooks } from './standing-look.ts'

const charts: FilterName[] = [
  'standing',
  'health',
  'sync',
  'proj',
  'cluster',
  'namespace',
  'repo',
  'operation',
  'autoSync',
  'targetRevision',
]
const shownBars = 8

interface ApplicationSummaryProps {
  state: ListState
  counts: ApplicationCounts
}

export function ApplicationSummary({ state, counts }: ApplicationSummaryProps) {
  return (
    <div className={styles.charts}>
      {charts.map((name) => (
        <Chart key={name} name={name} state={state} counts={counts.facets[facetOf[name]] ?? {}} />
      ))}
    </div>
  )
}

function Chart({ name, state, counts }: { name: FilterName; state: ListState; counts: Record<string, number> }) {
  const t = usePageTexts()
  const language = useLanguage()
  const wordOf = useFilterWords()
  const bars = Object.entries(counts).sort(([, one], [, other]) => other - one)
  const most = bars[0]?.[1] ?? 1
  if (bars.length === 0) return null
  const id = `chart-${name}`
  const rest = bars.slice(shownBars).reduce((sum, [, amount]) => sum + amount, 0)
  return (
    <section className={styles.chart} aria-labelledby={id}>
      <h3 id={id} className={styles.title}>
        {t.filterName[name]}
      </h3>
      <ul>
        {bars.slice(0, shownBars).map(([value, amount]) => (
          <li key={value}>
            <button
              type="button"
              className={styles.bar}
              aria-pressed={state.filter.values[name].includes(value)}
              onClick={() => state.toggle(name, value)}
            >
              <span className={styles.word}>
                {markOf(name, value)}
                <span className={styles.text} title={value}>
                  {wordOf(name, value)}
                </span>
              </span>
              <svg className={classes(styles.drawing, styles[toneOfBar(name, value)])} aria-hidden="true">
                <rect width={`${Math.max(0.5, (100 * amount) / most)}%`} height="10" rx="2" />
              </svg>
              <span className={styles.amount}>{new Intl.NumberFormat(language).format(amount)}</span>
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className={styles.rest}>+ {count(language, rest, ...t.noun)}</p>}
    </section>
  )
}

function statusOf(name: FilterName, value: string): string | undefined {
  if (name === 'standing') return standingLooks[value as keyof typeof standingLooks]?.status
  return name === 'health' || name === 'sync' || (name === 'operation' && value !== 'None') ? value : undefined
}

function markOf(name: FilterName, value: string) {
  const status = statusOf(name, value)
  return status && <StatusMark status={status} />
}

function toneOfBar(name: FilterName, value: string): string {
  const status = statusOf(name, value)
  return status ? toneOf(status) : 'plain'
}

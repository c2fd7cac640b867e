/** How much of a node is asked for: by this application, by others, and what is left. */
import { type Language, texts, useLanguage } from '../../../lib/language.ts'
import styles from './capacity-bar.module.css'
import type { Capacity } from './pod-groups.ts'

const useTexts = texts({
  en: {
    names: { cpu: 'CPU', memory: 'Memory' } as Record<string, string>,
    of: (asked: string, total: string) => `${asked} of ${total} asked for`,
    parts: (own: string, others: string, free: string) =>
      `${own} by this application, ${others} by others, ${free} free`,
  },
  fr: {
    names: { cpu: 'CPU', memory: 'Mémoire' } as Record<string, string>,
    of: (asked: string, total: string) => `${asked} sur ${total} demandés`,
    parts: (own: string, others: string, free: string) =>
      `${own} par cette application, ${others} par d’autres, ${free} libres`,
  },
})

export function CapacityBar({ resource, total, byApplication, byOthers }: Capacity) {
  const t = useTexts()
  const language = useLanguage()
  const amount = (value: number) => (resource === 'cpu' ? cores(value, language) : bytes(value, language))
  const share = (value: number) => `${Math.min(100, (value / Math.max(total, 1e-9)) * 100)}%`
  const free = Math.max(0, total - byApplication - byOthers)
  const parts = t.parts(amount(byApplication), amount(byOthers), amount(free))
  return (
    <div className={styles.capacity} title={parts}>
      <span className={styles.name}>{t.names[resource] ?? resource}</span>
      <span className={styles.bar} role="img" aria-label={parts}>
        <span className={styles.own} style={{ width: share(byApplication) }} />
        <span className={styles.others} style={{ width: share(byOthers) }} />
      </span>
      <span className={styles.words}>{t.of(amount(byApplication + byOthers), amount(total))}</span>
    </div>
  )
}

function cores(value: number, language: Language): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value)
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

function bytes(value: number, language: Language): string {
  const power = value > 0 ? Math.min(units.length - 1, Math.floor(Math.log2(value) / 10)) : 0
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: power > 2 ? 1 : 0 })
  return `${number.format(value / 1024 ** power)} ${units[power]}`
}

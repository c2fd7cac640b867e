/** What a controller says of its object, in Kubernetes' own form. */
import { texts } from '../../../lib/language.ts'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import type { LiveObject } from '../queries/live-object.ts'
import styles from './overview.module.css'
import { Section } from './section.tsx'

interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
  lastUpdateTime?: string
}

const useTexts = texts({
  en: { type: 'Condition', status: 'Status', reason: 'Reason', message: 'Message', since: 'Since' },
  fr: { type: 'Condition', status: 'État', reason: 'Motif', message: 'Message', since: 'Depuis' },
})

export function Conditions({ title, object }: { title: string; object: LiveObject | undefined }) {
  const t = useTexts()
  const conditions = conditionsOf(object)
  if (conditions.length === 0) return null
  return (
    <Section title={title}>
      <Table
        label={title}
        rows={conditions}
        keyOf={({ type }) => type}
        columns={[
          { id: 'type', label: t.type, cell: ({ type }) => <span className={styles.strong}>{type}</span> },
          { id: 'status', label: t.status, cell: ({ status }) => status },
          { id: 'reason', label: t.reason, cell: ({ reason }) => reason },
          { id: 'message', label: t.message, cell: ({ message }) => <span className={styles.words}>{message}</span> },
          {
            id: 'since',
            label: t.since,
            cell: ({ lastTransitionTime, lastUpdateTime }) => (
              <span className={styles.since}>
                <Time at={lastTransitionTime ?? lastUpdateTime} />
              </span>
            ),
          },
        ]}
      />
    </Section>
  )
}

function conditionsOf(object: LiveObject | undefined): Condition[] {
  const { conditions } = Object(object?.status) as { conditions?: unknown }
  return Array.isArray(conditions) ? (conditions as Condition[]).filter((one) => typeof one?.type === 'string') : []
}

/** What Kubernetes has noted about an object, live, the newest first. */
import { type Application, failureText, type ResourceNode } from '../../lib/api.ts'
import { texts } from '../../lib/language.ts'
import { classes } from '../../ui/classes.ts'
import { Empty } from '../../ui/empty.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './events-tab.module.css'
import { lastTime, type ObjectEvent, useObjectEvents } from './queries/object-events.ts'

const useTexts = texts({
  en: {
    label: 'Events',
    type: 'Type',
    reason: 'Reason',
    message: 'Message',
    count: 'Times',
    from: 'From',
    first: 'First',
    last: 'Last',
    none: 'No events',
    noneText: 'Kubernetes keeps them for an hour. What happens from now on is shown here.',
    failed: 'The events cannot be read',
    stale: 'The server does not answer: these may be out of date.',
  },
  fr: {
    label: 'Événements',
    type: 'Type',
    reason: 'Motif',
    message: 'Message',
    count: 'Fois',
    from: 'Source',
    first: 'Premier',
    last: 'Dernier',
    none: 'Aucun événement',
    noneText: 'Kubernetes les garde une heure. Ce qui arrivera désormais sera montré ici.',
    failed: 'Les événements sont illisibles',
    stale: 'Le serveur ne répond pas : ceux-ci sont peut-être dépassés.',
  },
})

export default function EventsTab({ application, node }: { application: Application; node: ResourceNode }) {
  const t = useTexts()
  const { events, error, isStale } = useObjectEvents(application, node)
  if (error) {
    return (
      <Notice tone="bad" title={t.failed}>
        {failureText(error)}
      </Notice>
    )
  }
  if (!events) return <Skeleton rows={5} />
  if (events.length === 0) return <Empty title={t.none}>{t.noneText}</Empty>
  return (
    <>
      {isStale && <Notice tone="drift">{t.stale}</Notice>}
      <Table<ObjectEvent>
        label={t.label}
        rows={events}
        keyOf={({ metadata }) => metadata?.uid ?? metadata?.name ?? ''}
        columns={[
          {
            id: 'last',
            label: t.last,
            cell: (event) => (
              <span className={styles.time}>
                <Time at={lastTime(event)} />
              </span>
            ),
          },
          {
            id: 'type',
            label: t.type,
            cell: ({ type }) => <span className={classes(type === 'Warning' && styles.warning)}>{type}</span>,
          },
          { id: 'reason', label: t.reason, cell: ({ reason }) => <span className={styles.reason}>{reason}</span> },
          { id: 'message', label: t.message, cell: ({ message }) => <span className={styles.message}>{message}</span> },
          {
            id: 'from',
            label: t.from,
            cell: ({ source, reportingComponent }) => source?.component || reportingComponent,
          },
          { id: 'count', label: t.count, right: true, cell: ({ count = 1 }) => count },
        ]}
      />
    </>
  )
}

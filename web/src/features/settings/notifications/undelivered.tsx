/** Notifications that did not reach anybody: of which application, to whom, and what the service said. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, api, routes } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { Section } from '../parts/facts.tsx'

type Delivery = AnswerOf<typeof routes.notifications.deliveries>['items'][number]

const useTexts = texts({
  en: {
    title: 'Not delivered',
    time: 'When',
    application: 'Application',
    trigger: 'Trigger',
    recipient: 'To',
    message: 'Why',
  },
  fr: {
    title: 'Non remises',
    time: 'Quand',
    application: 'Application',
    trigger: 'Déclencheur',
    recipient: 'À',
    message: 'Pourquoi',
  },
})

const intervalMs = 10_000

/** Nothing while everything arrives. */
export function Undelivered() {
  const t = useTexts()
  const { data = [] } = useQuery({
    queryKey: ['notifications', 'undelivered'],
    queryFn: async ({ signal }) => (await api.call(routes.notifications.deliveries, { signal })).items,
    refetchInterval: intervalMs,
  })
  if (data.length === 0) return null
  return (
    <Section title={t.title}>
      <Table
        label={t.title}
        rows={data}
        keyOf={({ time, application, trigger, service, recipient }: Delivery) =>
          [time, application, trigger, service, recipient].join(' ')
        }
        columns={[
          { id: 'time', label: t.time, cell: ({ time }) => <Time at={time} /> },
          { id: 'application', label: t.application, cell: ({ application }) => application },
          { id: 'trigger', label: t.trigger, wideOnly: true, cell: ({ trigger }) => trigger },
          {
            id: 'recipient',
            label: t.recipient,
            cell: ({ service, recipient }) => [service, recipient].filter(Boolean).join(' '),
          },
          { id: 'message', label: t.message, cell: ({ message }) => message },
        ]}
      />
    </Section>
  )
}

/** What is configured of notifications, a way to try it, and what could not be delivered. */
import { useQuery } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { useState } from 'react'
import { api, routes } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { useRights } from '../../../lib/rights.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Page } from '../../../ui/page.tsx'
import { Chips } from '../parts/chips.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { useSettingsTexts } from '../texts.ts'
import { TestPanel } from './test-panel.tsx'
import { Undelivered } from './undelivered.tsx'

const useTexts = texts({
  en: {
    lead: 'Configured in argocd-notifications-cm; applications subscribe by annotations.',
    none: 'No notifications are configured',
    noneText: 'There is nothing in argocd-notifications-cm.',
    services: 'Services',
    servicesHint: 'Where notifications are sent.',
    triggers: 'Triggers',
    triggersHint: 'When they are sent.',
    templates: 'Templates',
    templatesHint: 'What they say.',
    test: 'Send a test',
  },
  fr: {
    lead: 'Configurées dans argocd-notifications-cm ; les applications s’abonnent par des annotations.',
    none: 'Aucune notification n’est configurée',
    noneText: 'Il n’y a rien dans argocd-notifications-cm.',
    services: 'Services',
    servicesHint: 'Où les notifications sont envoyées.',
    triggers: 'Déclencheurs',
    triggersHint: 'Quand elles sont envoyées.',
    templates: 'Modèles',
    templatesHint: 'Ce qu’elles disent.',
    test: 'Envoyer un essai',
  },
})

export default function NotificationsPage() {
  const t = useTexts()
  const { pages } = useSettingsTexts()
  const [isTesting, setTesting] = useState(false)
  const rights = useRights({ test: { resource: 'projects', action: 'update', object: '*' } })
  const configured = useQuery({
    queryKey: ['notifications'],
    queryFn: async ({ signal }) => {
      const { notifications } = routes
      const [services, triggers, templates] = await Promise.all([
        api.call(notifications.services, { signal }),
        api.call(notifications.triggers, { signal }),
        api.call(notifications.templates, { signal }),
      ])
      return { services: namesOf(services), triggers: namesOf(triggers), templates: namesOf(templates) }
    },
  })
  const { services: available = [], templates: sayings = [] } = configured.data ?? {}
  const test = rights.test && available.length > 0 && (
    <Button icon={<Send />} onClick={() => setTesting(true)}>
      {t.test}
    </Button>
  )
  return (
    <Page title={pages.notifications.name} lead={t.lead} actions={test}>
      <Answer query={configured}>
        {({ services, triggers, templates }) =>
          services.length + triggers.length + templates.length === 0 ? (
            <Empty title={t.none}>{t.noneText}</Empty>
          ) : (
            <Facts>
              <Fact label={t.services} hint={t.servicesHint}>
                <Chips values={services} />
              </Fact>
              <Fact label={t.triggers} hint={t.triggersHint}>
                <Chips values={triggers} />
              </Fact>
              <Fact label={t.templates} hint={t.templatesHint}>
                <Chips values={templates} />
              </Fact>
            </Facts>
          )
        }
      </Answer>
      <Undelivered />
      {isTesting && <TestPanel services={available} templates={sayings} onClose={() => setTesting(false)} />}
    </Page>
  )
}

function namesOf({ items }: { items: { name?: string }[] }): string[] {
  return items.map(({ name = '' }) => name).sort()
}

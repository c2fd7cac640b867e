/** Keeps an application at what it runs, whatever comes in Git. */
import type { Application } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { pin } from '../data/commands.ts'
import { deployedRevisions, lastDeployment, shortRevision } from '../data/facts.ts'

export const usePinTexts = texts({
  en: {
    pin: 'Pin…',
    hint: 'Stays at what it runs, whatever comes in Git',
    title: (revision: string) => `Pin to ${revision}`,
    text: 'What is deployed now is synced once more, and nothing newer is deployed until somebody unpins it. Auto-sync stays as it is.',
  },
  fr: {
    pin: 'Épingler…',
    hint: 'Reste à ce qui tourne, quoi qu’il arrive dans Git',
    title: (revision: string) => `Épingler à ${revision}`,
    text: 'Ce qui est déployé est synchronisé une fois encore, et rien de plus récent n’est déployé tant que personne ne la désépingle. La synchronisation automatique ne change pas.',
  },
})

export function PinHere({ application, onClose }: { application: Application; onClose(): void }) {
  const t = usePinTexts()
  const last = lastDeployment(application)
  if (!last) return null
  const title = t.title(deployedRevisions(last).map(shortRevision).join(', '))
  return (
    <Confirm title={title} action={title} danger={false} run={() => pin(application, last.id)} onClose={onClose}>
      <p>{t.text}</p>
    </Confirm>
  )
}

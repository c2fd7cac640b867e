/** The last question before an application goes: what goes with it, and what stays. */
import { useState } from 'react'
import type { Application } from '../../../lib/api.ts'
import { count, texts } from '../../../lib/language.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { type Cascade, remove } from '../data/commands.ts'
import { placeOf } from '../data/facts.ts'
import styles from './delete-application.module.css'

const useTexts = texts({
  en: {
    title: (name: string) => `Delete ${name}`,
    action: (name: string) => `Delete ${name}`,
    legend: 'What becomes of its resources',
    cascade: {
      foreground: 'Delete them first',
      background: 'Delete them in the background',
      orphan: 'Leave them in the cluster',
    },
    hint: {
      foreground: 'The application stays until the last of them has gone.',
      background: 'The application goes at once; what they own is collected by the cluster.',
      orphan: 'Only the Application goes. Nobody looks after them any more.',
    },
    destroys: (objects: number, where: string) =>
      `${count('en', objects, 'object', 'objects')} in ${where}, and everything that they own, will be destroyed. This cannot be undone.`,
    keeps: (objects: number, where: string) =>
      `${count('en', objects, 'object', 'objects')} in ${where} will go on running.`,
    kinds: 'Among them:',
  },
  fr: {
    title: (name: string) => `Supprimer ${name}`,
    action: (name: string) => `Supprimer ${name}`,
    legend: 'Que deviennent ses ressources',
    cascade: {
      foreground: 'Les supprimer d’abord',
      background: 'Les supprimer en arrière-plan',
      orphan: 'Les laisser dans le cluster',
    },
    hint: {
      foreground: 'L’application reste jusqu’à ce que la dernière ait disparu.',
      background: 'L’application part aussitôt ; le cluster ramasse ce qu’elles possèdent.',
      orphan: 'Seule l’Application disparaît. Plus personne ne s’en occupe.',
    },
    destroys: (objects: number, where: string) =>
      `${count('fr', objects, 'objet', 'objets')} dans ${where}, et tout ce qu’ils possèdent, seront détruits. C’est irréversible.`,
    keeps: (objects: number, where: string) =>
      `${count('fr', objects, 'objet', 'objets')} dans ${where} continueront de tourner.`,
    kinds: 'Notamment :',
  },
})

const choices: Cascade[] = ['foreground', 'background', 'orphan']

export function DeleteApplication({ application, onClose }: { application: Application; onClose(): void }) {
  const t = useTexts()
  const [cascade, setCascade] = useState<Cascade>('foreground')
  const { name } = application.metadata
  const resources = (application.status?.resources ?? []).filter(({ health }) => health?.status !== 'Missing')
  const { cluster, namespace } = placeOf(application)
  const where = [cluster, namespace].filter(Boolean).join('/')
  return (
    <Confirm
      title={t.title(name)}
      action={t.action(name)}
      typed={name}
      run={() => remove(application, cascade)}
      onClose={onClose}
    >
      <fieldset className={styles.choices}>
        <legend className={styles.legend}>{t.legend}</legend>
        {choices.map((choice) => (
          <label key={choice} className={styles.choice}>
            <input type="radio" name="cascade" checked={choice === cascade} onChange={() => setCascade(choice)} />
            <span>
              {t.cascade[choice]}
              <span className={styles.hint}>{t.hint[choice]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {cascade === 'orphan' ? (
        <p className={styles.outcome}>{t.keeps(resources.length, where)}</p>
      ) : (
        <p className={styles.outcome}>
          <strong>{t.destroys(resources.length, where)}</strong> {resources.length > 0 && t.kinds}{' '}
          {kindsOf(resources.map(({ kind = '' }) => kind))}
        </p>
      )}
    </Confirm>
  )
}

const mostKinds = 6

/** Such as `3 ConfigMap, 1 Deployment`. */
function kindsOf(kinds: string[]): string {
  const counts = new Map<string, number>()
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const listed = [...counts].sort(([, one], [, other]) => other - one).map(([kind, amount]) => `${amount} ${kind}`)
  return listed.slice(0, mostKinds).join(', ') + (listed.length > mostKinds ? '…' : '')
}

/** Deletes one object from the cluster: with what it owns, at once, or without. */
import { useState } from 'react'
import type { Application, ResourceNode } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { type DeletionWay, deleteObject } from '../queries/object-actions.ts'
import styles from './actions.module.css'

const useTexts = texts({
  en: {
    title: (kind: string, name: string) => `Delete ${kind} ${name}?`,
    action: (kind: string, name: string) => `Delete ${kind} ${name}`,
    done: (name: string) => `${name} is being deleted.`,
    way: 'How',
    ways: {
      foreground: ['With what it owns', 'Pods and all else that it owns go first, in good order.'],
      force: ['At once', 'Does not wait for anything to end in good order. Data may be lost.'],
      orphan: ['Without what it owns', 'Pods and all else that it owns stay, and belong to nobody.'],
    } as Record<DeletionWay, [string, string]>,
  },
  fr: {
    title: (kind: string, name: string) => `Supprimer ${kind} ${name} ?`,
    action: (kind: string, name: string) => `Supprimer ${kind} ${name}`,
    done: (name: string) => `${name} est en cours de suppression.`,
    way: 'Comment',
    ways: {
      foreground: ['Avec ce qu’il possède', 'Les Pods et tout ce qu’il possède partent d’abord, en bon ordre.'],
      force: ['Aussitôt', 'N’attend la fin propre de rien. Des données peuvent être perdues.'],
      orphan: [
        'Sans ce qu’il possède',
        'Les Pods et tout ce qu’il possède restent, et n’appartiennent plus à personne.',
      ],
    } as Record<DeletionWay, [string, string]>,
  },
})

interface DeleteObjectProps {
  application: Application
  node: ResourceNode
  onClose(): void
  onDeleted(): void
}

const ways: DeletionWay[] = ['foreground', 'force', 'orphan']

export function DeleteObject({ application, node, onClose, onDeleted }: DeleteObjectProps) {
  const t = useTexts()
  const tell = useTell()
  const [way, setWay] = useState<DeletionWay>('foreground')
  const { kind = '', name = '' } = node
  return (
    <Confirm
      title={t.title(kind, name)}
      action={t.action(kind, name)}
      onClose={onClose}
      run={async () => {
        await deleteObject(application, node, way)
        tell.done(t.done(name))
        onDeleted()
      }}
    >
      <fieldset className={styles.ways}>
        <legend className={styles.title}>{t.way}</legend>
        {ways.map((one) => (
          <label key={one} className={styles.way}>
            <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
            <span>
              {t.ways[one][0]}
              <span className={styles.text}>{t.ways[one][1]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Confirm>
  )
}

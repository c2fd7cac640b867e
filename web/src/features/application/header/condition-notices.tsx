/** What Tiphys has to say about the application, each with what to do about it. */
import { useState } from 'react'
import type { Application } from '../../../lib/api.ts'
import { count, texts, useLanguage } from '../../../lib/language.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Time } from '../../../ui/time.tsx'
import styles from './condition-notices.module.css'

type Condition = NonNullable<NonNullable<Application['status']>['conditions']>[number]

const useTexts = texts({
  en: {
    more: (amount: number) => `${count('en', amount, 'more remark', 'more remarks')}`,
    edit: 'Edit the application',
    refresh: 'Look again',
    steps: {
      InvalidSpecError: 'Correct what is declared of the application, or ask whoever looks after its project.',
      ComparisonError: 'Until this is mended nothing is synced. Mend it in Git or in the settings, then look again.',
      SyncError: 'Automated sync does not try this revision again by itself. Mend it in Git, or sync by hand.',
      UnknownError: 'Look again; if it stays, the log of Tiphys says more.',
      DeletionError: 'The deletion is tried again by itself.',
      SharedResourceWarning: 'Another application has it: let one of the two no longer declare it.',
      RepeatedResourceWarning: 'Declare it once.',
      ExcludedResourceWarning: 'Leave it out of Git, or no longer exclude it in the settings.',
      OrphanedResourceWarning: 'Declare it, delete it, or let the project ignore it.',
      DependencyError: 'Correct the applications that this one depends on.',
    } as Record<string, string>,
  },
  fr: {
    more: (amount: number) => `${count('fr', amount, 'remarque de plus', 'remarques de plus')}`,
    edit: 'Modifier l’application',
    refresh: 'Relire',
    steps: {
      InvalidSpecError: 'Corrigez la déclaration de l’application, ou voyez avec le responsable du projet.',
      ComparisonError: 'D’ici là rien n’est synchronisé. Corrigez dans Git ou dans les réglages, puis relisez.',
      SyncError:
        'La synchronisation automatique ne réessaie pas cette révision. Corrigez dans Git, ou synchronisez à la main.',
      UnknownError: 'Relisez ; si cela persiste, le journal de Tiphys en dit plus.',
      DeletionError: 'La suppression est retentée automatiquement.',
      SharedResourceWarning: 'Une autre application la possède : que l’une des deux cesse de la déclarer.',
      RepeatedResourceWarning: 'Déclarez-la une seule fois.',
      ExcludedResourceWarning: 'Retirez-la de Git, ou n’excluez plus son type dans les réglages.',
      OrphanedResourceWarning: 'Déclarez-la, supprimez-la, ou ignorez-la dans le projet.',
      DependencyError: 'Corrigez les applications dont celle-ci dépend.',
    } as Record<string, string>,
  },
})

export interface ConditionNoticesProps {
  conditions: Condition[]
  /** Shown all at once. */
  isOpen: boolean
  mayUpdate: boolean
  onEdit(): void
  onRefresh(): void
}

/** The pin has its own place. */
const elsewhere = ['PinnedWarning']
const shownAtFirst = 2

export function ConditionNotices({ conditions, isOpen, mayUpdate, onEdit, onRefresh }: ConditionNoticesProps) {
  const t = useTexts()
  const language = useLanguage()
  const [showsAll, setShowsAll] = useState(isOpen)
  const told = conditions.filter(({ type }) => !elsewhere.includes(type)).sort((one, other) => rank(one) - rank(other))
  const shown = showsAll ? told : told.slice(0, shownAtFirst)
  if (told.length === 0) return null
  return (
    <section className={styles.notices} lang={language}>
      {shown.map(({ type, message, lastTransitionTime }) => (
        <Notice
          key={`${type} ${message}`}
          tone={isError(type) ? 'bad' : 'drift'}
          title={type}
          actions={
            type === 'InvalidSpecError' && mayUpdate ? (
              <Button onClick={onEdit}>{t.edit}</Button>
            ) : type === 'ComparisonError' || type === 'UnknownError' ? (
              <Button onClick={onRefresh}>{t.refresh}</Button>
            ) : undefined
          }
        >
          <p className={styles.message}>{message}</p>
          <p className={styles.step}>
            {t.steps[type]} {lastTransitionTime && <Time at={lastTransitionTime} />}
          </p>
        </Notice>
      ))}
      {shown.length < told.length && (
        <Button kind="quiet" onClick={() => setShowsAll(true)}>
          {t.more(told.length - shown.length)}
        </Button>
      )}
    </section>
  )
}

function isError(type: string): boolean {
  return type.endsWith('Error')
}

function rank({ type }: Condition): number {
  return isError(type) ? 0 : 1
}

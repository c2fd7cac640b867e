/** Chooses which credentials are shown: those for reading, or those for writing. */
import { texts } from '../../../lib/language.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Segmented } from '../../../ui/segmented.tsx'
import styles from './parts.module.css'
import { type Purpose, purposeIn, purposes } from './purpose.ts'

const useTexts = texts({
  en: {
    label: 'What the credentials are for',
    purposes: { read: 'For reading', write: 'For writing' },
    write: 'Hydrated manifests are pushed with these. Sources are never read with them.',
  },
  fr: {
    label: 'À quoi servent les identifiants',
    purposes: { read: 'Pour lire', write: 'Pour écrire' },
    write: 'Les manifestes hydratés sont poussés avec eux. Les sources ne sont jamais lues avec eux.',
  },
})

export function PurposeChoice() {
  const t = useTexts()
  const search = useSearchState()
  const purpose = purposeIn(search)
  return (
    <div className={styles.spaced}>
      <Segmented
        label={t.label}
        choices={purposes.map((id) => ({ id, label: t.purposes[id] }))}
        chosen={purpose}
        onChoose={(chosen: Purpose) => search.set({ purpose: chosen === 'read' ? undefined : chosen })}
      />
      {purpose === 'write' && <p className={styles.hint}>{t.write}</p>}
    </div>
  )
}

/** What is wrong, or probably not meant, in the policies. */
import { texts } from '../../../lib/language.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../parts/facts.tsx'
import styles from './access.module.css'
import { usePolicyProblems } from './ask-access.ts'

const useTexts = texts({
  en: {
    title: 'Faults of the policies',
    lead: (role: string, mode: string, scopes: string) =>
      `${role ? `Everybody has ${role}` : 'Nobody has a role by default'}; patterns are ${mode === 'regex' ? 'regular expressions' : 'globs'}; groups are what is in the claims ${scopes}.`,
    fine: 'Every line can be read and has an effect.',
    place: (source: string, number: number) => `${source}, line ${number}`,
    error: 'This line has no effect:',
    warning: 'Probably not meant:',
  },
  fr: {
    title: 'Erreurs dans les règles',
    lead: (role: string, mode: string, scopes: string) =>
      `${role ? `Tout le monde a ${role}` : 'Personne n’a de rôle par défaut'} ; les motifs sont ${mode === 'regex' ? 'des expressions régulières' : 'des globs'} ; les groupes sont ce que disent les attributs (claims) ${scopes}.`,
    fine: 'Chaque ligne est lisible et produit un effet.',
    place: (source: string, number: number) => `${source}, ligne ${number}`,
    error: 'Cette ligne est sans effet :',
    warning: 'Sans doute pas voulu :',
  },
})

export function PolicyProblems() {
  const t = useTexts()
  const problems = usePolicyProblems()
  const { defaultRole = '', matchMode = 'glob', scopes = [] } = problems.data ?? {}
  return (
    <Section title={t.title} lead={problems.data && t.lead(defaultRole, matchMode, scopes.join(', '))}>
      <Answer query={problems}>
        {({ items }) =>
          items.length === 0 ? (
            <Notice tone="good">{t.fine}</Notice>
          ) : (
            items.map(({ source = '', number = 0, text, message, level }) => (
              <div key={`${source} ${number} ${message}`} className={styles.line}>
                <p>
                  <strong>{t.place(source, number)}</strong> · {level === 'error' ? t.error : t.warning} {message}
                </p>
                <pre>{text}</pre>
              </div>
            ))
          )
        }
      </Answer>
    </Section>
  )
}

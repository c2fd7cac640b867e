/** What the policies say to a question, and the line that decides. */
import { texts } from '../../../lib/language.ts'
import { Status } from '../../../ui/status.tsx'
import styles from './access.module.css'
import type { Explanation, PolicyQuestion } from './ask-access.ts'

const useTexts = texts({
  en: {
    yes: 'Yes',
    no: 'No',
    may: ({ subject, action, resource, object }: PolicyQuestion) => `${subject} may ${action} ${resource} ${object}.`,
    mayNot: ({ subject, action, resource, object }: PolicyQuestion) =>
      `${subject} may not ${action} ${resource} ${object}.`,
    where: (source: string, number: number) => (number > 0 ? `${source}, line ${number}` : `${source}, implied`),
    builtIn: 'Built in',
    through: (subject: string, role: string) => `${subject} has ${role}.`,
    nothing: 'No line allows it. Add one to policy.csv of argocd-rbac-cm, such as:',
  },
  fr: {
    yes: 'Oui',
    no: 'Non',
    may: ({ subject, action, resource, object }: PolicyQuestion) =>
      `${subject} peut « ${action} » ${resource} ${object}.`,
    mayNot: ({ subject, action, resource, object }: PolicyQuestion) =>
      `${subject} ne peut pas « ${action} » ${resource} ${object}.`,
    where: (source: string, number: number) => (number > 0 ? `${source}, ligne ${number}` : `${source}, implicite`),
    builtIn: 'D’origine',
    through: (subject: string, role: string) => `${subject} a ${role}.`,
    nothing: 'Aucune ligne ne le permet. Ajoutez-en une à policy.csv de argocd-rbac-cm, par exemple :',
  },
})

export function Verdict({ question, answer }: { question: PolicyQuestion; answer: Explanation }) {
  const t = useTexts()
  const { allowed, line, role, subject } = answer
  return (
    <div className={styles.verdict}>
      <div className={styles.word}>
        <Status status={allowed ? 'Succeeded' : 'Failed'} word={<strong>{allowed ? t.yes : t.no}</strong>} />
        <span>{allowed ? t.may(question) : t.mayNot(question)}</span>
      </div>
      {line ? (
        <div className={styles.line}>
          <pre>{line.text}</pre>
          <p>
            {line.source === 'built-in' ? t.builtIn : t.where(line.source, line.number)}
            {role && subject && role !== subject && ` · ${t.through(subject, role)}`}
          </p>
        </div>
      ) : (
        <div className={styles.line}>
          <p>{t.nothing}</p>
          <pre>{`p, ${question.subject}, ${question.resource}, ${question.action}, ${question.object}, allow`}</pre>
        </div>
      )}
    </div>
  )
}

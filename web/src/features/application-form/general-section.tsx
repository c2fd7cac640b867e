/** What the application is called, which project it is in, and what goes when it goes. */
import { useSession } from '../../lib/session.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { listAt } from './draft.ts'
import { useDraft } from './draft-context.ts'
import { DraftPairs, DraftText } from './draft-fields.tsx'
import styles from './form.module.css'
import { Columns, Folded, Section } from './section.tsx'
import { useProjects } from './suggestions.ts'
import { useFormTexts } from './texts.ts'

const resourcesFinalizer = 'resources-finalizer.argocd.argoproj.io'
const finalizers = ['metadata', 'finalizers']

export function GeneralSection() {
  const t = useFormTexts()
  const { draft, isExisting, set } = useDraft()
  const { settings } = useSession()
  const projects = useProjects()
  const given = listAt<string>(draft, finalizers)
  const isOurs = (name: string) => name.startsWith(resourcesFinalizer)
  const { labels, annotations } = draft.metadata
  return (
    <Section title={t.general}>
      <Columns>
        <DraftText path={['metadata', 'name']} label={t.name} disabled={isExisting} autoFocus={!isExisting} mono />
        <DraftText path={['spec', 'project']} label={t.project} suggestions={projects} />
        {settings.appsInAnyNamespaceEnabled && (
          <DraftText
            path={['metadata', 'namespace']}
            label={t.namespace}
            hint={t.namespaceHint}
            disabled={isExisting}
            mono
          />
        )}
      </Columns>
      <div className={styles.checks}>
        <Checkbox
          label={t.finalizer}
          hint={t.finalizerHint}
          checked={given.some(isOurs)}
          onChange={({ target }) => {
            const others = given.filter((name) => !isOurs(name))
            const next = target.checked ? [...others, resourcesFinalizer] : others
            set(finalizers, next.length > 0 ? next : undefined)
          }}
        />
      </div>
      <Folded
        title={`${t.labels}, ${t.annotations.toLowerCase()}`}
        open={labels !== undefined || annotations !== undefined}
      >
        <DraftPairs path={['metadata', 'labels']} label={t.labels} hint={t.labelsHint} />
        <DraftPairs path={['metadata', 'annotations']} label={t.annotations} />
      </Folded>
    </Section>
  )
}

/** What may differ from Git. */
import { Plus, Trash2 } from 'lucide-react'
import { Button, IconButton } from '../../ui/button.tsx'
import { listAt } from './draft.ts'
import { useDraft } from './draft-context.ts'
import { DraftLines, DraftText } from './draft-fields.tsx'
import styles from './form.module.css'
import { Columns, Section } from './section.tsx'
import { useFormTexts } from './texts.ts'

const rules = ['spec', 'ignoreDifferences']

export function IgnoreSection() {
  const t = useFormTexts()
  const { draft, set } = useDraft()
  const all = listAt<object>(draft, rules)
  return (
    <Section title={t.ignore}>
      <p className={styles.remark}>{t.ignoreHint}</p>
      {all.map((_rule, index) => {
        const at = [...rules, index]
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: with the number of rules, so that boxes show what there is after one is gone
          <div key={`${index} of ${all.length}`} className={styles.rule}>
            <div className={styles.sourceHead}>
              <span>{t.rule(index + 1)}</span>
              <IconButton label={t.remove(t.rule(index + 1))} onClick={() => set(at, undefined)}>
                <Trash2 />
              </IconButton>
            </div>
            <Columns>
              <DraftText path={[...at, 'group']} label={t.group} placeholder="apps" mono />
              <DraftText path={[...at, 'kind']} label={t.objectKind} placeholder="Deployment" mono />
              <DraftText path={[...at, 'name']} label={t.objectName} mono />
              <DraftText path={[...at, 'namespace']} label={t.objectNamespace} mono />
            </Columns>
            <Columns>
              <DraftLines path={[...at, 'jqPathExpressions']} label={t.jq} hint={t.oneALine} />
              <DraftLines path={[...at, 'jsonPointers']} label={t.pointers} hint={t.oneALine} />
              <DraftLines path={[...at, 'managedFieldsManagers']} label={t.managers} hint={t.oneALine} />
            </Columns>
          </div>
        )
      })}
      <Button kind="quiet" icon={<Plus />} onClick={() => set([...rules, all.length], { kind: '' })}>
        {t.addIgnore}
      </Button>
    </Section>
  )
}

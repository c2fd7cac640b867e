/** When and how it is synced. */
import { useState } from 'react'
import { Checkbox, Field, TextArea } from '../../ui/field.tsx'
import { listAt, valueAt } from './draft.ts'
import { useDraft } from './draft-context.ts'
import { DraftCheck, DraftText } from './draft-fields.tsx'
import styles from './form.module.css'
import { linesOf } from './line-texts.ts'
import { Columns, Folded, Section } from './section.tsx'
import { isSet, knownOptions, otherOptions, withOption } from './sync-options.ts'
import { useFormTexts } from './texts.ts'

const automated = ['spec', 'syncPolicy', 'automated']
const options = ['spec', 'syncPolicy', 'syncOptions']
const retry = ['spec', 'syncPolicy', 'retry']

export function PolicySection() {
  const t = useFormTexts()
  const { draft, set } = useDraft()
  const policy = valueAt(draft, automated) as { enabled?: boolean } | undefined
  const isAutomated = policy !== undefined && policy.enabled !== false
  const given = listAt<string>(draft, options)
  const put = (next: string[]) => set(options, next.length > 0 ? next : undefined)
  const [others, setOthers] = useState(() => otherOptions(given).join('\n'))
  const hasRetry = valueAt(draft, retry) !== undefined
  return (
    <Section title={t.policy}>
      <div className={styles.checks}>
        <Checkbox
          label={t.automated}
          checked={isAutomated}
          onChange={({ target }) => {
            const { enabled: _enabled, ...rest } = policy ?? {}
            set(automated, target.checked ? rest : undefined)
          }}
        />
      </div>
      {isAutomated && (
        <div className={`${styles.checks} ${styles.under}`}>
          <DraftCheck path={[...automated, 'prune']} label={t.prune} />
          <DraftCheck path={[...automated, 'selfHeal']} label={t.selfHeal} />
          <DraftCheck path={[...automated, 'allowEmpty']} label={t.allowEmpty} />
        </div>
      )}
      <Folded title={t.options} open={given.length > 0}>
        <div className={styles.checks}>
          {knownOptions.map((option) => (
            <Checkbox
              key={option}
              label={t.option[option]}
              checked={isSet(given, option)}
              onChange={({ target }) => put(withOption(given, option, target.checked))}
            />
          ))}
        </div>
        <Field label={t.otherOptions} hint={t.otherOptionsHint}>
          {(wiring) => (
            <TextArea
              {...wiring}
              mono
              rows={2}
              value={others}
              onChange={({ target: { value } }) => {
                setOthers(value)
                const known = given.filter((one) => !otherOptions([one]).includes(one))
                put([...known, ...linesOf(value)])
              }}
            />
          )}
        </Field>
      </Folded>
      <Folded title={t.retry} open={hasRetry}>
        <Columns>
          <DraftText path={[...retry, 'limit']} label={t.limit} asNumber />
          <DraftText path={[...retry, 'backoff', 'duration']} label={t.wait} placeholder="5s" />
          <DraftText path={[...retry, 'backoff', 'factor']} label={t.factor} asNumber placeholder="2" />
          <DraftText path={[...retry, 'backoff', 'maxDuration']} label={t.maxWait} placeholder="3m" />
        </Columns>
      </Folded>
    </Section>
  )
}

/** The options of a sync, each with a word of what it does; those that the user has no right to are not there. */
import { useId, useState } from 'react'
import type { Application } from '../../lib/api.ts'
import { Checkbox, Field, Select, TextInput } from '../../ui/field.tsx'
import { useRefs } from './ask-refs.ts'
import { optionValue, type SyncChoices, sourcesOf, withOption } from './choices.ts'
import styles from './sync-panel.module.css'
import type { SyncRight } from './sync-panel.tsx'
import { useTexts } from './texts.ts'

export interface OptionsFormProps {
  application: Application
  choices: SyncChoices
  onChoose(choices: SyncChoices): void
  rights: Partial<Record<SyncRight, boolean>>
  /** Whether resources are chosen one by one. */
  isSome: boolean
  onSome(some: boolean): void
}

export function OptionsForm(props: OptionsFormProps) {
  const t = useTexts()
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={styles.options} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.summary}>{t.options}</summary>
      {isOpen && <Form {...props} />}
    </details>
  )
}

function Form({ application, choices, onChoose, rights, isSome, onSome }: OptionsFormProps) {
  const t = useTexts()
  const flag = (name: 'prune' | 'dryRun' | 'force' | 'applyOnly') => ({
    checked: choices[name],
    onChange: () => onChoose({ ...choices, [name]: !choices[name] }),
  })
  const option = (name: string, otherwise = 'false') => {
    const value = optionValue(application, choices, name) ?? otherwise
    const next = value === 'true' ? 'false' : 'true'
    return { checked: value === 'true', onChange: () => onChoose(withOption(application, choices, name, next)) }
  }
  return (
    <div className={styles.form}>
      {sourcesOf(application).map((source, index) => (
        <Revision
          // biome-ignore lint/suspicious/noArrayIndexKey: sources have no names and do not move
          key={index}
          application={application}
          index={index}
          revision={choices.revisions[index] ?? ''}
          onChange={(revision) =>
            onChoose({ ...choices, revisions: choices.revisions.map((one, at) => (at === index ? revision : one)) })
          }
          isOnly={choices.revisions.length === 1}
          isGit={source.chart === undefined}
        />
      ))}
      <div className={styles.flags}>
        {rights.prune && <Checkbox label={t.prune} hint={t.pruneHint} {...flag('prune')} />}
        <Checkbox label={t.some} hint={t.someHint} checked={isSome} onChange={() => onSome(!isSome)} />
        <Checkbox label={t.dry} hint={t.dryHint} {...flag('dryRun')} />
        <Checkbox label={t.applyOnly} hint={t.applyOnlyHint} {...flag('applyOnly')} />
        <Checkbox label={t.outOfSyncOnly} hint={t.outOfSyncOnlyHint} {...option('ApplyOutOfSyncOnly')} />
        <Checkbox label={t.createNamespace} hint={t.createNamespaceHint} {...option('CreateNamespace')} />
        <Checkbox label={t.validate} hint={t.validateHint} {...option('Validate', 'true')} />
        <Checkbox label={t.respect} hint={t.respectHint} {...option('RespectIgnoreDifferences')} />
        {rights.prune && <Checkbox label={t.pruneLast} hint={t.pruneLastHint} {...option('PruneLast')} />}
        {rights.replace && <Checkbox label={t.replace} hint={t.replaceHint} {...option('Replace')} />}
        {rights.force && <Checkbox label={t.force} hint={t.forceHint} {...flag('force')} />}
      </div>
      <div className={styles.pair}>
        {rights.prune && (
          <Field label={t.propagation}>
            {(field) => (
              <Select
                {...field}
                value={optionValue(application, choices, 'PrunePropagationPolicy') ?? 'foreground'}
                onChange={({ target }) =>
                  onChoose(withOption(application, choices, 'PrunePropagationPolicy', target.value))
                }
              >
                {Object.entries(t.propagations).map(([value, words]) => (
                  <option key={value} value={value}>
                    {words}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Field label={t.retries}>
          {(field) => (
            <TextInput
              {...field}
              type="number"
              min={0}
              max={20}
              value={choices.retries}
              onChange={({ target }) => onChoose({ ...choices, retries: Math.max(0, Number(target.value) || 0) })}
            />
          )}
        </Field>
      </div>
    </div>
  )
}

interface RevisionProps {
  application: Application
  index: number
  revision: string
  onChange(revision: string): void
  isOnly: boolean
  isGit: boolean
}

/** Taken when it is left or confirmed: half a name would be asked for in vain. */
function Revision({ application, index, revision, onChange, isOnly, isGit }: RevisionProps) {
  const t = useTexts()
  const suggestions = useId()
  const [text, setText] = useState(revision)
  const source = sourcesOf(application)[index]
  const refs = useRefs(source?.repoURL, application.spec.project || 'default', isGit)
  const take = (value: string) => {
    if (value.trim() !== revision) onChange(value.trim())
  }
  return (
    <Field
      label={isOnly ? t.revision : t.revisionOf(source?.chart ?? source?.repoURL ?? '')}
      hint={t.revisionHint(source?.targetRevision || 'HEAD')}
    >
      {(field) => (
        <>
          <TextInput
            {...field}
            mono
            list={suggestions}
            placeholder={source?.targetRevision || 'HEAD'}
            value={text}
            onChange={({ target }) => {
              setText(target.value)
              if (refs.includes(target.value)) take(target.value)
            }}
            onBlur={() => take(text)}
            onKeyDown={({ key }) => key === 'Enter' && take(text)}
          />
          <datalist id={suggestions}>
            {refs.map((ref) => (
              <option key={ref} value={ref} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  )
}

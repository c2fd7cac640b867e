/** Fields of the draft: texts, lists of texts, pairs and switches, each at its path. */
import { useId, useState } from 'react'
import { Checkbox, Field, TextArea, TextInput } from '../../ui/field.tsx'
import { listAt, type Path, textAt, valueAt } from './draft.ts'
import { useDraft } from './draft-context.ts'
import { linesOf, pairsText, parsePairs } from './line-texts.ts'

interface DraftFieldProps {
  path: Path
  label: string
  hint?: string
  disabled?: boolean
}

interface DraftTextProps extends DraftFieldProps {
  suggestions?: readonly string[]
  mono?: boolean
  placeholder?: string
  asNumber?: boolean
  /** The one with which it begins. */
  autoFocus?: boolean
}

export function DraftText({
  path,
  label,
  hint,
  disabled = false,
  suggestions = [],
  mono = false,
  placeholder,
  asNumber = false,
  autoFocus = false,
}: DraftTextProps) {
  const { draft, set, problem, touch } = useDraft()
  const list = useId()
  return (
    <Field label={label} hint={hint} error={problem(path)}>
      {(wiring) => (
        <>
          <TextInput
            {...wiring}
            mono={mono}
            autoFocus={autoFocus}
            disabled={disabled}
            placeholder={placeholder}
            value={textAt(draft, path)}
            list={suggestions.length > 0 ? list : undefined}
            onChange={({ target: { value } }) => {
              const isNumber = asNumber && /^-?\d+$/.test(value)
              set(path, isNumber ? Number(value) : value === '' && asNumber ? undefined : value)
            }}
            onBlur={() => touch(path)}
          />
          {suggestions.length > 0 && (
            <datalist id={list}>
              {suggestions.slice(0, 500).map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  )
}

/** A list of texts, one a line. */
export function DraftLines({ path, label, hint }: DraftFieldProps) {
  const { draft, set, problem, touch } = useDraft()
  // A line that has just been begun is empty, and still there.
  const [text, setText] = useState(() => listAt<unknown>(draft, path).map(String).join('\n'))
  return (
    <Field label={label} hint={hint} error={problem(path)}>
      {(wiring) => (
        <TextArea
          {...wiring}
          mono
          rows={2}
          value={text}
          onChange={({ target: { value } }) => {
            setText(value)
            const lines = linesOf(value)
            set(path, lines.length > 0 ? lines : undefined)
          }}
          onBlur={() => touch(path)}
        />
      )}
    </Field>
  )
}

/** Names with values, `name=value` a line. */
export function DraftPairs({ path, label, hint }: DraftFieldProps) {
  const { draft, set, problem, touch } = useDraft()
  const [text, setText] = useState(() => pairsText(valueAt(draft, path)))
  return (
    <Field label={label} hint={hint} error={problem(path)}>
      {(wiring) => (
        <TextArea
          {...wiring}
          mono
          rows={2}
          value={text}
          onChange={({ target: { value } }) => {
            setText(value)
            set(path, parsePairs(value))
          }}
          onBlur={() => touch(path)}
        />
      )}
    </Field>
  )
}

export function DraftLongText({ path, label, hint }: DraftFieldProps) {
  const { draft, set, problem, touch } = useDraft()
  return (
    <Field label={label} hint={hint} error={problem(path)}>
      {(wiring) => (
        <TextArea
          {...wiring}
          mono
          rows={5}
          value={textAt(draft, path)}
          onChange={({ target: { value } }) => set(path, value === '' ? undefined : value)}
          onBlur={() => touch(path)}
        />
      )}
    </Field>
  )
}

export function DraftCheck({ path, label, hint }: DraftFieldProps) {
  const { draft, set } = useDraft()
  return (
    <Checkbox
      label={label}
      hint={hint}
      checked={valueAt(draft, path) === true}
      onChange={({ target }) => set(path, target.checked || undefined)}
    />
  )
}

/** Several values, one on each line. */
import { type ReactNode, useState } from 'react'
import { Field, TextArea } from '../../../ui/field.tsx'

export interface LinesFieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: ReactNode
  values: string[]
  onChange(values: string[]): void
  rows?: number
  placeholder?: string
}

export function LinesField({ label, hint, error, values, onChange, rows = 3, placeholder }: LinesFieldProps) {
  // What is typed stays as it is: a line that has just been begun is empty.
  const [text, setText] = useState(values.join('\n'))
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => (
        <TextArea
          {...field}
          mono
          rows={Math.max(rows, Math.min(12, values.length + 1))}
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            onChange(linesOf(event.target.value))
          }}
        />
      )}
    </Field>
  )
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

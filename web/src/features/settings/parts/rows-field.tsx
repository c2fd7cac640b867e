/** A list of things with several fields each: a row for each, one can be added, each can be taken away. */
import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { texts } from '../../../lib/language.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Select, TextInput } from '../../../ui/field.tsx'
import styles from './parts.module.css'

export interface RowColumn {
  id: string
  label: string
  placeholder?: string
  /** One of these instead of any text. */
  choices?: { value: string; label: string }[]
  /** Offered, besides any text. */
  suggestions?: string[]
}

export interface RowsFieldProps {
  label: string
  hint?: ReactNode
  columns: RowColumn[]
  rows: Record<string, string>[]
  onChange(rows: Record<string, string>[]): void
  /** What the button says that adds one. */
  add: string
  fresh?: Record<string, string>
}

const useTexts = texts({
  en: { remove: (number: number) => `Remove row ${number}` },
  fr: { remove: (number: number) => `Retirer la ligne ${number}` },
})

export function RowsField({ label, hint, columns, rows, onChange, add, fresh = {} }: RowsFieldProps) {
  const t = useTexts()
  const change = (at: number, id: string, value: string) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, [id]: value } : row)))
  return (
    <fieldset className={styles.rows}>
      <legend className={styles.rowsLabel}>{label}</legend>
      {hint && <p className={styles.hint}>{hint}</p>}
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names; their fields hold no state of their own
        <div key={at} className={styles.editedRow}>
          {columns.map((column) => (
            <Cell
              key={column.id}
              column={column}
              number={at + 1}
              value={row[column.id] ?? ''}
              onChange={(value) => change(at, column.id, value)}
            />
          ))}
          <IconButton label={t.remove(at + 1)} onClick={() => onChange(rows.filter((_row, index) => index !== at))}>
            <X />
          </IconButton>
        </div>
      ))}
      <Button kind="quiet" icon={<Plus />} onClick={() => onChange([...rows, fresh])}>
        {add}
      </Button>
    </fieldset>
  )
}

interface CellProps {
  column: RowColumn
  number: number
  value: string
  onChange(value: string): void
}

function Cell({ column: { id, label, placeholder, choices, suggestions }, number, value, onChange }: CellProps) {
  const named = { 'aria-label': `${label} ${number}` }
  if (choices) {
    return (
      <Select {...named} value={value} onChange={(event) => onChange(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </Select>
    )
  }
  const list = suggestions && `suggestions-${id}-${number}`
  return (
    <>
      <TextInput
        {...named}
        mono
        placeholder={placeholder ?? label}
        value={value}
        list={list}
        onChange={(event) => onChange(event.target.value)}
      />
      {list && (
        <datalist id={list}>
          {suggestions?.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  )
}

/** What is filled in: a label, the control, what is wrong with it, and a word of help. */
import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'
import { classes } from './classes.ts'
import styles from './field.module.css'

interface Wiring {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: true
}

export interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: ReactNode
  /** Gets what ties the control to its label. */
  children(wiring: Wiring): ReactNode
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const below = error ?? hint
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        ...(below && { 'aria-describedby': `${id}-below` }),
        ...(error && { 'aria-invalid': true }),
      })}
      {below && (
        <div id={`${id}-below`} className={error ? styles.error : styles.hint}>
          {below}
        </div>
      )}
    </div>
  )
}

type Mono = { mono?: boolean }

export function TextInput({
  className,
  mono,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & Mono & { ref?: Ref<HTMLInputElement> }) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      className={classes(styles.control, mono && styles.mono, className)}
      {...rest}
    />
  )
}

export function TextArea({ className, mono, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & Mono) {
  return (
    <textarea
      spellCheck={false}
      className={classes(styles.control, styles.area, mono && styles.mono, className)}
      {...rest}
    />
  )
}

export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <select className={classes(styles.control, styles.select, className)} {...rest}>
      {children}
    </select>
  )
}

export function Checkbox({
  label,
  hint,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { label: ReactNode; hint?: ReactNode }) {
  return (
    <label className={styles.check}>
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
    </label>
  )
}

/** On or off, at once. */
export function Switch({
  label,
  checked,
  onChange,
  disabled,
}: {
  label: string
  checked: boolean
  onChange(on: boolean): void
  disabled?: boolean
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      className={styles.switch}
      disabled={disabled}
      onClick={() => onChange(!checked)}
    >
      <span className={styles.track} aria-hidden="true">
        <span className={styles.thumb} />
      </span>
      {label}
    </button>
  )
}

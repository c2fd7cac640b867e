/** What is pressed. A destructive button looks like one only where it is the last step. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import styles from './button.module.css'
import { classes } from './classes.ts'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  /** Something small before the words. */
  icon?: ReactNode
  /** Waits for an answer: it stays as wide as it is, and cannot be pressed again. */
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function Button({ kind = 'plain', icon, busy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classes(styles.button, styles[kind], busy && styles.busy, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {icon}
      {children}
    </button>
  )
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does: read aloud, and shown on hover. */
  label: string
  pressed?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({ label, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={classes(styles.button, styles.quiet, styles.icon, className)}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      {...rest}
    >
      {children}
    </button>
  )
}

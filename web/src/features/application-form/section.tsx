/** A part of the form under its heading; those that are seldom needed are folded. */
import type { ReactNode } from 'react'
import styles from './form.module.css'

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={styles.section}>
      <legend className={styles.legend}>{title}</legend>
      {children}
    </fieldset>
  )
}

export function Folded({ title, open, children }: { title: string; open: boolean; children: ReactNode }) {
  return (
    <details className={styles.folded} open={open}>
      <summary className={styles.summary}>{title}</summary>
      <div className={styles.inside}>{children}</div>
    </details>
  )
}

/** Fields that belong side by side, where there is room. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className={styles.columns}>{children}</div>
}

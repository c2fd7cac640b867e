/** The frame of a page: what it is about, what can be done here, and its content. */
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import styles from './page.module.css'

export interface PageProps {
  /** Of the browser's tab, most particular first. */
  title: string
  heading?: ReactNode
  /** Below the heading, in a quieter voice. */
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Page({ title, heading = title, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Tiphys`
  }, [title])
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.heading}>
          <h1 className={styles.title}>{heading}</h1>
          {lead && <div className={styles.lead}>{lead}</div>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

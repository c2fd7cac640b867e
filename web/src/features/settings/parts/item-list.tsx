/** Things one after the other: what each is, how it stands, what is wrong with it, and what can be done. */
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import styles from './parts.module.css'

export function ItemList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.items} aria-label={label}>
      {children}
    </ul>
  )
}

export interface ItemProps {
  title: ReactNode
  /** Where its name leads. */
  href?: string | undefined
  /** In a quieter voice below the title. */
  about?: ReactNode
  status?: ReactNode
  /** What keeps it from being as it should. */
  problem?: ReactNode
  /** What else has to be known about how it stands. */
  note?: ReactNode
  actions?: ReactNode
}

export function Item({ title, href, about, status, problem, note, actions }: ItemProps) {
  return (
    <li className={styles.item}>
      <div className={styles.itemMain}>
        <div className={styles.itemTitle}>{href ? <Link href={href}>{title}</Link> : title}</div>
        {about && <div className={styles.itemAbout}>{about}</div>}
        {problem && <div className={styles.itemProblem}>{problem}</div>}
        {note && <div className={styles.itemNote}>{note}</div>}
      </div>
      {status && <div className={styles.itemStatus}>{status}</div>}
      {actions && <div className={styles.itemActions}>{actions}</div>}
    </li>
  )
}

/** Facts beside each other, with a dot between. */
export function Dotted({ children }: { children: ReactNode[] }) {
  const shown = children.filter((child) => child !== undefined && child !== null && child !== false && child !== '')
  return (
    <span className={styles.dotted}>
      {shown.map((child, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they do not move
        <span key={at}>{child}</span>
      ))}
    </span>
  )
}

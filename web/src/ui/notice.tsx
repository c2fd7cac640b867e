/** What somebody has to know where they stand: an error with what to do, a warning, a remark. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './notice.module.css'

export interface NoticeProps {
  tone?: 'bad' | 'drift' | 'good' | 'info'
  title?: ReactNode
  children?: ReactNode
  /** What can be done about it: Buttons. */
  actions?: ReactNode
}

const icons = { bad: CircleAlert, drift: TriangleAlert, good: CircleCheck, info: Info }

export function Notice({ tone = 'info', title, children, actions }: NoticeProps) {
  const Icon = icons[tone]
  return (
    <div className={classes(styles.notice, styles[tone])} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon className={styles.icon} aria-hidden="true" />
      <div className={styles.text}>
        {title && <div className={styles.title}>{title}</div>}
        {children}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  )
}

/** What happened, in words. */
import type { ReactNode } from 'react'
import { isStatusWord, useStatusWords } from '../../../ui/status.tsx'
import { shortRevision } from '../data/facts.ts'
import { authorName } from '../header/sentence.ts'
import type { Happening } from './moments.ts'
import { useTimelineTexts } from './timeline-texts.ts'
import styles from './timeline-view.module.css'

export function HappeningText({ happening }: { happening: Happening }): ReactNode {
  const t = useTimelineTexts()
  const words = useStatusWords()
  const who = (by: string | undefined, isAutomated: boolean) => (isAutomated ? t.automatically : by ? t.by(by) : '')
  switch (happening.is) {
    case 'commit':
      return (
        <>
          {t.commit(authorName(happening.author))} <Revision of={happening.revision} />{' '}
          <q className={styles.quiet}>{happening.message.trim().split('\n')[0]}</q>
        </>
      )
    case 'deployed':
      return (
        <>
          {happening.revisions.map((revision) => (
            <Revision key={revision} of={revision} />
          ))}{' '}
          {t.deployed} {who(happening.by, happening.isAutomated)}
        </>
      )
    case 'operation':
      return (
        <>
          {t.operation[happening.phase]} {happening.revision && <Revision of={happening.revision} />}{' '}
          {who(happening.by, happening.isAutomated)}
          <Message of={happening.message} />
        </>
      )
    case 'sync status':
      return (
        <>
          {happening.to === 'OutOfSync' ? t.drifted : happening.to === 'Synced' ? t.asDeclared : words.Unknown}
          <Message of={happening.message} />
        </>
      )
    case 'health':
      return (
        <>
          {t.became(isStatusWord(happening.to) ? words[happening.to] : happening.to)}
          <Message of={happening.message} />
        </>
      )
    case 'condition':
      return (
        <>
          {happening.type}
          <Message of={happening.message} />
        </>
      )
    default:
      return happening.message
  }
}

function Revision({ of }: { of: string }) {
  return (
    <code title={of} className={styles.revision}>
      {shortRevision(of)}
    </code>
  )
}

function Message({ of }: { of: string | undefined }) {
  return of ? <span className={styles.message}>{of}</span> : null
}

/** What the server was asked: its room while it loads, why there is nothing, or what it has answered. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { failureText, hasStatus } from '../lib/api.ts'
import { texts } from '../lib/language.ts'
import { Button } from './button.tsx'
import { Empty } from './empty.tsx'
import { Notice } from './notice.tsx'
import { Skeleton } from './skeleton.tsx'

const useTexts = texts({
  en: {
    forbidden: 'You may not see this',
    ask: 'Whoever administrates this installation can permit it:',
    stale: 'This may be out of date.',
    failed: 'This could not be loaded.',
    retry: 'Try again',
  },
  fr: {
    forbidden: 'Vous n’avez pas le droit de voir ceci',
    ask: 'L’administrateur de cette installation peut l’autoriser :',
    stale: 'Ceci n’est peut-être plus à jour.',
    failed: 'Le chargement a échoué.',
    retry: 'Réessayer',
  },
})

export interface AnswerProps<Data> {
  query: UseQueryResult<Data>
  /** Of the skeleton. */
  rows?: number
  children(data: Data): ReactNode
}

export function Answer<Data>({ query, rows = 4, children }: AnswerProps<Data>) {
  const t = useTexts()
  const { data, error, refetch } = query
  if (error && hasStatus(error, 403)) {
    return (
      <Empty title={t.forbidden}>
        {t.ask} <code>{failureText(error)}</code>
      </Empty>
    )
  }
  const failure = error && (
    <Notice
      tone={data === undefined ? 'bad' : 'drift'}
      title={data === undefined ? t.failed : t.stale}
      actions={<Button onClick={() => void refetch()}>{t.retry}</Button>}
    >
      {failureText(error)}
    </Notice>
  )
  if (data === undefined) return failure || <Skeleton rows={rows} height={20} />
  return (
    <>
      {failure}
      {children(data)}
    </>
  )
}

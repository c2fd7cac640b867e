/** The tokens of somebody: when each was made and when it ends; each can be revoked. */
import { useState } from 'react'
import { texts, useLanguage } from '../../../lib/language.ts'
import { exactTime, useNow } from '../../../lib/time.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import styles from './parts.module.css'

export interface ShownToken {
  id: string
  /** Seconds since 1970. */
  issuedAt?: number | undefined
  expiresAt?: number | undefined
}

const useTexts = texts({
  en: {
    label: (owner: string) => `Tokens of ${owner}`,
    name: 'Token',
    made: 'Made',
    ends: 'Ends',
    never: 'Never',
    ended: 'Ended',
    none: 'No tokens.',
    revoke: 'Revoke',
    revokeThis: (id: string) => `Revoke token ${id}`,
    warning: 'Whatever uses it is refused from then on. It cannot be brought back.',
  },
  fr: {
    label: (owner: string) => `Jetons de ${owner}`,
    name: 'Jeton',
    made: 'Créé',
    ends: 'Fin',
    never: 'Jamais',
    ended: 'Terminé',
    none: 'Aucun jeton.',
    revoke: 'Révoquer',
    revokeThis: (id: string) => `Révoquer le jeton ${id}`,
    warning: 'Ce qui l’utilise est refusé dès lors. On ne peut pas le rétablir.',
  },
})

export function TokenList({
  owner,
  tokens,
  revoke,
}: {
  owner: string
  tokens: ShownToken[]
  /** Left out: the user may not. */
  revoke?: ((token: ShownToken) => Promise<unknown>) | undefined
}) {
  const t = useTexts()
  const [asked, setAsked] = useState<ShownToken>()
  if (tokens.length === 0) return <p className={styles.hint}>{t.none}</p>
  return (
    <>
      <Table
        label={t.label(owner)}
        rows={tokens}
        keyOf={({ id, issuedAt }) => `${id} ${issuedAt}`}
        columns={[
          { id: 'name', label: t.name, cell: ({ id }) => <code>{id}</code> },
          { id: 'made', label: t.made, wideOnly: true, cell: ({ issuedAt }) => <Time at={isoTime(issuedAt)} /> },
          { id: 'ends', label: t.ends, cell: ({ expiresAt }) => <End at={expiresAt} /> },
        ]}
        {...(revoke && {
          actions: (token: ShownToken) => (
            <Button kind="quiet" aria-label={t.revokeThis(token.id)} onClick={() => setAsked(token)}>
              {t.revoke}
            </Button>
          ),
        })}
      />
      {asked && revoke && (
        <Confirm
          title={t.revokeThis(asked.id)}
          action={t.revokeThis(asked.id)}
          run={() => revoke(asked)}
          onClose={() => setAsked(undefined)}
        >
          {t.warning}
        </Confirm>
      )}
    </>
  )
}

function End({ at }: { at: number | undefined }) {
  const t = useTexts()
  const language = useLanguage()
  const now = useNow()
  if (!at) return t.never
  const time = new Date(at * 1000)
  return (
    <span title={exactTime(time, language)}>{time.getTime() < now ? t.ended : <Time at={time.toISOString()} />}</span>
  )
}

function isoTime(seconds: number | undefined): string | undefined {
  return seconds ? new Date(seconds * 1000).toISOString() : undefined
}

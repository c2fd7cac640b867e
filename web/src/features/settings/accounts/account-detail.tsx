/** One account, with what may be done with it: tokens, password. Also on the page about oneself. */
import { useQueryClient } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { api, routes } from '../../../lib/api.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSession } from '../../../lib/session.tsx'
import { Answer } from '../../../ui/answer.tsx'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Status } from '../../../ui/status.tsx'
import { Fact, Facts, Section } from '../parts/facts.tsx'
import { Dotted } from '../parts/item-list.tsx'
import styles from '../parts/parts.module.css'
import { type ShownToken, TokenList } from '../parts/token-list.tsx'
import { TokenPanel, type TokenWish } from '../parts/token-panel.tsx'
import { type Account, accountsKey, useAccount } from './ask-accounts.ts'
import { PasswordPanel } from './password-panel.tsx'
import { useAccountTexts } from './texts.ts'

export function AccountDetail({ name }: { name: string }) {
  return <Answer query={useAccount(name)}>{(account) => <Detail account={account} />}</Answer>
}

function Detail({ account: { name = '', enabled, capabilities = [], tokens = [] } }: { account: Account }) {
  const t = useAccountTexts()
  const client = useQueryClient()
  const { user } = useSession()
  const rights = useRights({ update: { resource: 'accounts', action: 'update', object: name } })
  const [open, setOpen] = useState<'token' | 'password'>()
  const isOwn = user.username === name && user.iss === 'argocd'
  const mayChange = isOwn || rights.update === true
  const changed = () => client.invalidateQueries({ queryKey: accountsKey })

  async function createToken({ id, expiresIn }: TokenWish): Promise<string> {
    const { token } = await api.call(routes.accounts.createToken, {
      params: { name },
      body: { expiresIn, ...(id && { id }) },
    })
    await changed()
    return token
  }

  async function revoke({ id }: ShownToken): Promise<void> {
    await api.call(routes.accounts.deleteToken, { params: { name, id } })
    await changed()
  }

  const hasTokens = capabilities.includes('apiKey')
  return (
    <>
      <div className={styles.spacedOut}>
        <Facts>
          <Fact label={t.canBeUsed} hint={t.useHint}>
            <Status status={enabled ? 'Succeeded' : 'Suspended'} word={enabled ? t.enabled : t.disabled} />
          </Fact>
          <Fact label={t.capabilities} hint={t.capabilitiesHint(name)}>
            <Dotted>{capabilities.map((one) => t.capability(one))}</Dotted>
          </Fact>
        </Facts>
      </div>
      {capabilities.includes('login') && mayChange && (
        <Section
          title={t.password}
          lead={t.passwordLead}
          actions={
            <Button icon={<KeyRound />} onClick={() => setOpen('password')}>
              {t.changePassword}
            </Button>
          }
        >
          {null}
        </Section>
      )}
      <Section
        title={t.tokens}
        lead={t.tokensLead}
        actions={
          mayChange &&
          hasTokens && (
            <Button icon={<Plus />} onClick={() => setOpen('token')}>
              {t.newToken}
            </Button>
          )
        }
      >
        {hasTokens || tokens.length > 0 ? (
          <TokenList
            owner={t.owner(name)}
            tokens={tokens.map(({ id = '', issuedAt, expiresAt }) => ({ id, issuedAt, expiresAt }))}
            {...(mayChange && { revoke })}
          />
        ) : (
          <Notice>{t.noTokens}</Notice>
        )}
      </Section>
      {open === 'token' && <TokenPanel owner={t.owner(name)} create={createToken} onClose={() => setOpen(undefined)} />}
      {open === 'password' && <PasswordPanel name={name} isOwn={isOwn} onClose={() => setOpen(undefined)} />}
    </>
  )
}

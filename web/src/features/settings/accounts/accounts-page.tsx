/** Local accounts: what each can be used for, its tokens, its password. */
import { count, texts, useLanguage } from '../../../lib/language.ts'
import { paths } from '../../../lib/paths.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Page } from '../../../ui/page.tsx'
import { Status } from '../../../ui/status.tsx'
import { Dotted, Item, ItemList } from '../parts/item-list.tsx'
import { useSettingsTexts } from '../texts.ts'
import { AccountDetail } from './account-detail.tsx'
import { useAccounts } from './ask-accounts.ts'
import { useAccountTexts } from './texts.ts'

const useTexts = texts({
  en: {
    lead: 'Local users, besides those of your identity provider. They are listed in argocd-cm, as accounts.<name>.',
    none: 'No accounts that you may see',
    one: 'token',
    other: 'tokens',
  },
  fr: {
    lead: 'Utilisateurs locaux, en plus de ceux du fournisseur d’identité. Ils figurent dans argocd-cm : accounts.<nom>.',
    none: 'Aucun compte que vous puissiez voir',
    one: 'jeton',
    other: 'jetons',
  },
})

export default function AccountsPage({ name }: { name?: string | undefined }) {
  return name === undefined ? <AccountList /> : <OneAccount name={name} />
}

function OneAccount({ name }: { name: string }) {
  return (
    <Page title={name}>
      <AccountDetail name={name} />
    </Page>
  )
}

function AccountList() {
  const t = useTexts()
  const words = useAccountTexts()
  const language = useLanguage()
  const { pages } = useSettingsTexts()
  const accounts = useAccounts()
  return (
    <Page title={pages.accounts.name} lead={t.lead}>
      <Answer query={accounts}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.none} />
          ) : (
            <ItemList label={pages.accounts.name}>
              {all.map(({ name = '', enabled, capabilities = [], tokens = [] }) => (
                <Item
                  key={name}
                  title={name}
                  href={`${paths.settingsPage('accounts')}/${encodeURIComponent(name)}`}
                  about={
                    <Dotted>
                      {[
                        ...capabilities.map((one) => words.capability(one)),
                        tokens.length > 0 && count(language, tokens.length, t.one, t.other),
                      ]}
                    </Dotted>
                  }
                  status={
                    <Status
                      status={enabled ? 'Succeeded' : 'Suspended'}
                      word={enabled ? words.enabled : words.disabled}
                    />
                  }
                />
              ))}
            </ItemList>
          )
        }
      </Answer>
    </Page>
  )
}

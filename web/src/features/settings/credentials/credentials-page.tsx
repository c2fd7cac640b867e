/** Credentials that count for all repositories whose address begins like theirs. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { type AnswerOf, api, routes } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { Page } from '../../../ui/page.tsx'
import { draftOf, fieldsToSend } from '../parts/connection-draft.ts'
import { ConnectionFields, KindField } from '../parts/connection-fields.tsx'
import { FormPanel } from '../parts/form-panel.tsx'
import { Dotted, Item, ItemList } from '../parts/item-list.tsx'
import { type Purpose, purposeIn, repositoryResource } from '../parts/purpose.ts'
import { PurposeChoice } from '../parts/purpose-choice.tsx'
import { useSettingsTexts } from '../texts.ts'

/** Both are spoken to alike. */
function credentialRoutes(purpose: Purpose) {
  return purpose === 'read' ? routes.repositoryCredentials : routes.writeRepositoryCredentials
}

type Credentials = AnswerOf<typeof routes.repositoryCredentials.list>['items'][number]

const key = ['repository-credentials']

const useTexts = texts({
  en: {
    lead: 'A repository without credentials of its own uses those of the longest address that its own begins with.',
    add: 'Add credentials',
    none: 'No templates of credentials',
    noneVisible: 'No templates of credentials that you may see',
    noneText: 'One for https://github.com/my-org serves all repositories of the organisation.',
    user: (name: string) => `signs in as ${name}`,
    edit: 'Edit',
    remove: 'Remove',
    menu: (url: string) => `What to do with ${url}`,
    addTitle: 'Add a template of credentials',
    editTitle: 'Edit credentials',
    url: 'Beginning of the address',
    urlHint: 'Such as https://github.com/my-org',
    save: 'Save',
    removeTitle: (url: string) => `Remove the credentials for ${url}?`,
    removeAction: 'Remove credentials',
    removeText: 'Repositories below it that have none of their own are read without any from then on.',
  },
  fr: {
    lead: 'Un dépôt sans identifiants propres utilise ceux de la plus longue adresse par laquelle la sienne commence.',
    add: 'Ajouter des identifiants',
    none: 'Aucun modèle d’identifiants',
    noneVisible: 'Aucun modèle d’identifiants que vous puissiez voir',
    noneText: 'Un seul pour https://github.com/mon-org sert à tous les dépôts de l’organisation.',
    user: (name: string) => `se connecte en tant que ${name}`,
    edit: 'Modifier',
    remove: 'Retirer',
    menu: (url: string) => `Que faire de ${url}`,
    addTitle: 'Ajouter un modèle d’identifiants',
    editTitle: 'Modifier les identifiants',
    url: 'Début de l’adresse',
    urlHint: 'Par exemple https://github.com/mon-org',
    save: 'Enregistrer',
    removeTitle: (url: string) => `Retirer les identifiants de ${url} ?`,
    removeAction: 'Retirer les identifiants',
    removeText: 'Les dépôts en dessous qui n’en ont pas d’autres sont dès lors lus sans identifiants.',
  },
})

export default function CredentialsPage() {
  const t = useTexts()
  const { pages } = useSettingsTexts()
  const client = useQueryClient()
  const search = useSearchState()
  const [removed, setRemoved] = useState<string>()
  const purpose = purposeIn(search)
  const resource = repositoryResource(purpose)
  const rights = useRights({
    create: { resource, action: 'create', object: '*' },
    update: { resource, action: 'update', object: '*' },
    delete: { resource, action: 'delete', object: '*' },
  })
  const credentials = useQuery({
    queryKey: [...key, purpose],
    queryFn: async ({ signal }) => (await api.call(credentialRoutes(purpose).list, { signal })).items,
  })
  const edited = credentials.data?.find(({ url }) => url !== undefined && url === search.get('edit'))
  const close = () => search.set({ add: undefined, edit: undefined })
  const add = rights.create && (
    <Button kind="primary" icon={<Plus />} onClick={() => search.set({ add: 'yes' })}>
      {t.add}
    </Button>
  )

  async function remove(url: string): Promise<void> {
    await api.call(credentialRoutes(purpose).delete, { params: { url } })
    await client.invalidateQueries({ queryKey: key })
  }

  return (
    <Page title={pages.repocreds.name} lead={t.lead} actions={add}>
      <PurposeChoice />
      <Answer query={credentials}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={rights.create ? t.none : t.noneVisible} actions={add}>
              {rights.create && t.noneText}
            </Empty>
          ) : (
            <ItemList label={pages.repocreds.name}>
              {all.map(({ url = '', username, type }) => (
                <Item
                  key={url}
                  title={<code>{url}</code>}
                  about={<Dotted>{[type, username && t.user(username)]}</Dotted>}
                  actions={
                    (rights.update || rights.delete) && (
                      <Menu
                        trigger={
                          <IconButton label={t.menu(url)}>
                            <Ellipsis />
                          </IconButton>
                        }
                        groups={[
                          rights.update
                            ? [{ label: t.edit, icon: <Pencil size={14} />, run: () => search.set({ edit: url }) }]
                            : [],
                          rights.delete
                            ? [
                                {
                                  label: t.remove,
                                  icon: <Trash2 size={14} />,
                                  run: () => setRemoved(url),
                                  danger: true,
                                },
                              ]
                            : [],
                        ]}
                      />
                    )
                  }
                />
              ))}
            </ItemList>
          )
        }
      </Answer>
      {search.get('add') !== undefined && <CredentialsPanel purpose={purpose} onClose={close} />}
      {edited && <CredentialsPanel key={edited.url} purpose={purpose} credentials={edited} onClose={close} />}
      {removed !== undefined && (
        <Confirm
          title={t.removeTitle(removed)}
          action={t.removeAction}
          run={() => remove(removed)}
          onClose={() => setRemoved(undefined)}
        >
          {t.removeText}
        </Confirm>
      )}
    </Page>
  )
}

interface CredentialsPanelProps {
  purpose: Purpose
  credentials?: Credentials
  onClose(): void
}

function CredentialsPanel({ purpose, credentials, onClose }: CredentialsPanelProps) {
  const t = useTexts()
  const client = useQueryClient()
  const [url, setUrl] = useState(credentials?.url ?? '')
  const [draft, setDraft] = useState(() => draftOf(credentials ?? { username: ' ' }))

  async function save(): Promise<void> {
    const body = { ...fieldsToSend(draft, url), url: url.trim() }
    if (credentials) await api.call(credentialRoutes(purpose).update, { params: { url: url.trim() }, body })
    else await api.call(credentialRoutes(purpose).create, { body })
    await client.invalidateQueries({ queryKey: key })
  }

  return (
    <FormPanel
      title={credentials ? t.editTitle : t.addTitle}
      action={credentials ? t.save : t.add}
      disabled={url.trim() === ''}
      submit={save}
      onClose={onClose}
    >
      <Field label={t.url} hint={t.urlHint}>
        {(field) => (
          <TextInput
            {...field}
            mono
            value={url}
            disabled={credentials !== undefined}
            onChange={(event) => setUrl(event.target.value)}
            autoFocus={!credentials}
          />
        )}
      </Field>
      <KindField draft={draft} onChange={setDraft} />
      <ConnectionFields draft={draft} onChange={setDraft} url={url} isKnown={credentials !== undefined} />
    </FormPanel>
  )
}

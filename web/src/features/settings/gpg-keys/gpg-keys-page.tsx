/** The GnuPG keys that commits may be signed with. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { type AnswerOf, api, routes } from '../../../lib/api.ts'
import { count, texts, useLanguage } from '../../../lib/language.ts'
import { useRights } from '../../../lib/rights.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Field, TextArea } from '../../../ui/field.tsx'
import { Page } from '../../../ui/page.tsx'
import { Table } from '../../../ui/table.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { FormPanel } from '../parts/form-panel.tsx'
import { useSettingsTexts } from '../texts.ts'

type GpgKey = AnswerOf<typeof routes.gpgKeys.get>

const key = ['gpg-keys']

const useTexts = texts({
  en: {
    lead: 'A project can require that commits are signed with one of these before they are synced.',
    add: 'Add keys',
    none: 'No GnuPG keys',
    noneText: 'Add the public keys of those who sign commits, then name them in the projects that require it.',
    id: 'Id',
    owner: 'Owner',
    type: 'Type',
    unread: 'cannot be read',
    addTitle: 'Add GnuPG keys',
    text: 'Public keys',
    textHint: 'As gpg --armor --export prints them; several in one text are all added.',
    added: ['key is added', 'keys are added'] as [string, string],
    skipped: (ids: string) => `Already there: ${ids}`,
    remove: (id: string) => `Remove key ${id}`,
    removeText:
      'Commits that it has signed no longer count as signed: projects that require a signature no longer sync them.',
  },
  fr: {
    lead: 'Un projet peut exiger que les commits soient signés avec l’une d’elles avant d’être synchronisés.',
    add: 'Ajouter des clés',
    none: 'Aucune clé GnuPG',
    noneText:
      'Ajoutez les clés publiques de ceux qui signent des commits, puis nommez-les dans les projets qui l’exigent.',
    id: 'Id',
    owner: 'Propriétaire',
    type: 'Type',
    unread: 'illisible',
    addTitle: 'Ajouter des clés GnuPG',
    text: 'Clés publiques',
    textHint: 'Comme les imprime gpg --armor --export ; plusieurs dans un texte sont toutes ajoutées.',
    added: ['clé ajoutée', 'clés ajoutées'] as [string, string],
    skipped: (ids: string) => `Déjà là : ${ids}`,
    remove: (id: string) => `Retirer la clé ${id}`,
    removeText:
      'Les commits qu’elle a signés ne comptent plus comme signés : les projets qui exigent une signature ne les synchronisent plus.',
  },
})

export default function GpgKeysPage() {
  const t = useTexts()
  const { pages } = useSettingsTexts()
  const client = useQueryClient()
  const [isAdding, setAdding] = useState(false)
  const [removed, setRemoved] = useState<string>()
  const rights = useRights({
    create: { resource: 'gpgkeys', action: 'create', object: '*' },
    delete: { resource: 'gpgkeys', action: 'delete', object: '*' },
  })
  const keys = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.call(routes.gpgKeys.list, { signal })).items,
  })
  const add = rights.create && (
    <Button kind="primary" icon={<Plus />} onClick={() => setAdding(true)}>
      {t.add}
    </Button>
  )

  async function remove(keyID: string): Promise<void> {
    await api.call(routes.gpgKeys.delete, { query: { keyID } })
    await client.invalidateQueries({ queryKey: key })
  }

  return (
    <Page title={pages.gpgkeys.name} lead={t.lead} actions={add}>
      <Answer query={keys}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.none} actions={add}>
              {t.noneText}
            </Empty>
          ) : (
            <Table
              label={pages.gpgkeys.name}
              rows={all}
              keyOf={({ keyID = '' }) => keyID}
              columns={[
                { id: 'id', label: t.id, cell: ({ keyID, fingerprint }) => <code title={fingerprint}>{keyID}</code> },
                { id: 'owner', label: t.owner, cell: ({ owner }) => owner },
                {
                  id: 'type',
                  label: t.type,
                  wideOnly: true,
                  cell: ({ subType }) => (subType === 'invalid' ? t.unread : subType),
                },
              ]}
              {...(rights.delete && {
                actions: ({ keyID = '' }: GpgKey) => (
                  <IconButton label={t.remove(keyID)} onClick={() => setRemoved(keyID)}>
                    <Trash2 />
                  </IconButton>
                ),
              })}
            />
          )
        }
      </Answer>
      {isAdding && <AddKeys onClose={() => setAdding(false)} />}
      {removed !== undefined && (
        <Confirm
          title={t.remove(removed)}
          action={t.remove(removed)}
          run={() => remove(removed)}
          onClose={() => setRemoved(undefined)}
        >
          {t.removeText}
        </Confirm>
      )}
    </Page>
  )
}

function AddKeys({ onClose }: { onClose(): void }) {
  const t = useTexts()
  const language = useLanguage()
  const client = useQueryClient()
  const tell = useTell()
  const [text, setText] = useState('')

  async function add(): Promise<void> {
    const { created, skipped } = await api.call(routes.gpgKeys.create, { body: { keyData: text } })
    await client.invalidateQueries({ queryKey: key })
    const added = count(language, created.items.length, ...t.added)
    tell.done(skipped.length > 0 ? `${added}. ${t.skipped(skipped.join(', '))}` : added)
  }

  return (
    <FormPanel title={t.addTitle} action={t.add} disabled={text.trim() === ''} submit={add} onClose={onClose}>
      <Field label={t.text} hint={t.textHint}>
        {(field) => (
          <TextArea
            {...field}
            mono
            rows={14}
            placeholder="-----BEGIN PGP PUBLIC KEY BLOCK-----"
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoFocus
          />
        )}
      </Field>
    </FormPanel>
  )
}

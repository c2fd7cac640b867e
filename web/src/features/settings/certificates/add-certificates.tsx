/** Adds SSH host keys as a known_hosts file has them, or a TLS certificate. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type BodyOf, routes } from '../../../lib/api.ts'
import { count, texts, useLanguage } from '../../../lib/language.ts'
import { Checkbox, Field, TextArea, TextInput } from '../../../ui/field.tsx'
import { FormPanel } from '../parts/form-panel.tsx'
import { readKnownHosts } from './known-hosts.ts'

const useTexts = texts({
  en: {
    sshTitle: 'Add host keys',
    lines: 'Lines of known_hosts',
    linesHint: 'As ssh-keyscan prints them. Compare them with what the host publishes: nobody else vouches for them.',
    found: ['key', 'keys'] as [string, string],
    unread: (numbers: string) => `Not a host key: line ${numbers}`,
    tlsTitle: 'Add a TLS certificate',
    server: 'Server',
    serverHint: 'The name in the addresses of repositories, such as git.example.com.',
    pem: 'Certificates',
    pemHint: 'One or several in PEM form: the certificate itself, or those of its authorities.',
    upsert: 'In the place of those that are there',
    add: 'Add',
  },
  fr: {
    sshTitle: 'Ajouter des clés d’hôtes',
    lines: 'Lignes de known_hosts',
    linesHint:
      'Comme les imprime ssh-keyscan. Comparez-les à ce que l’hôte publie : personne d’autre ne s’en porte garant.',
    found: ['clé', 'clés'] as [string, string],
    unread: (numbers: string) => `Pas une clé d’hôte : ligne ${numbers}`,
    tlsTitle: 'Ajouter un certificat TLS',
    server: 'Serveur',
    serverHint: 'Le nom dans les adresses des dépôts, par exemple git.example.com.',
    pem: 'Certificats',
    pemHint: 'Un ou plusieurs au format PEM : le certificat lui-même, ou ceux de ses autorités.',
    upsert: 'À la place de ceux qui y sont',
    add: 'Ajouter',
  },
})

type Items = NonNullable<BodyOf<typeof routes.certificates.create>['items']>

function useAdd() {
  const client = useQueryClient()
  return async (items: Items, upsert: boolean) => {
    await api.call(routes.certificates.create, { query: { upsert }, body: { items } })
    await client.invalidateQueries({ queryKey: ['certificates'] })
  }
}

export function AddHostKeys({ onClose }: { onClose(): void }) {
  const t = useTexts()
  const language = useLanguage()
  const add = useAdd()
  const [text, setText] = useState('')
  const [upsert, setUpsert] = useState(false)
  const { keys, unread } = readKnownHosts(text)
  return (
    <FormPanel
      title={t.sshTitle}
      action={keys.length > 0 ? `${t.add} ${count(language, keys.length, ...t.found)}` : t.add}
      disabled={keys.length === 0 || unread.length > 0}
      submit={() => add(keys, upsert)}
      onClose={onClose}
    >
      <Field label={t.lines} hint={t.linesHint} error={unread.length > 0 ? t.unread(unread.join(', ')) : undefined}>
        {(field) => (
          <TextArea
            {...field}
            mono
            rows={10}
            placeholder="git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5…"
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoFocus
          />
        )}
      </Field>
      <Checkbox label={t.upsert} checked={upsert} onChange={(event) => setUpsert(event.target.checked)} />
    </FormPanel>
  )
}

export function AddTlsCertificate({ onClose }: { onClose(): void }) {
  const t = useTexts()
  const add = useAdd()
  const [serverName, setServerName] = useState('')
  const [pem, setPem] = useState('')
  const [upsert, setUpsert] = useState(false)
  return (
    <FormPanel
      title={t.tlsTitle}
      action={t.add}
      disabled={serverName.trim() === '' || pem.trim() === ''}
      submit={() => add([{ serverName: serverName.trim(), certType: 'https', certData: btoa(pem) }], upsert)}
      onClose={onClose}
    >
      <Field label={t.server} hint={t.serverHint}>
        {(field) => (
          <TextInput
            {...field}
            mono
            value={serverName}
            onChange={(event) => setServerName(event.target.value)}
            autoFocus
          />
        )}
      </Field>
      <Field label={t.pem} hint={t.pemHint}>
        {(field) => (
          <TextArea
            {...field}
            mono
            rows={10}
            placeholder="-----BEGIN CERTIFICATE-----"
            value={pem}
            onChange={(event) => setPem(event.target.value)}
          />
        )}
      </Field>
      <Checkbox label={t.upsert} checked={upsert} onChange={(event) => setUpsert(event.target.checked)} />
    </FormPanel>
  )
}

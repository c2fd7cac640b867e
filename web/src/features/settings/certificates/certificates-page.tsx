/** What repositories prove themselves with: SSH host keys, and TLS certificates. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { type AnswerOf, api, routes } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { useRights } from '../../../lib/rights.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Page } from '../../../ui/page.tsx'
import { Table } from '../../../ui/table.tsx'
import { Section } from '../parts/facts.tsx'
import styles from '../parts/parts.module.css'
import { useSettingsTexts } from '../texts.ts'
import { AddHostKeys, AddTlsCertificate } from './add-certificates.tsx'

type Certificate = AnswerOf<typeof routes.certificates.list>['items'][number]

const certificatesKey = ['certificates']

const useTexts = texts({
  en: {
    ssh: 'SSH host keys',
    sshLead: 'A repository over SSH is read only when its host shows one of these.',
    tls: 'TLS certificates',
    tlsLead: 'Trusted for the server they are named after, besides the usual authorities.',
    addSsh: 'Add host keys',
    addTls: 'Add certificate',
    none: 'None.',
    server: 'Server',
    type: 'Type',
    about: 'Fingerprint or subject',
    remove: (what: string) => `Remove ${what}`,
    removeText: 'Repositories there that prove themselves with it can no longer be read.',
  },
  fr: {
    ssh: 'Clés d’hôtes SSH',
    sshLead: 'Un dépôt en SSH n’est lu que si son hôte présente l’une d’elles.',
    tls: 'Certificats TLS',
    tlsLead: 'De confiance pour le serveur dont ils portent le nom, en plus des autorités habituelles.',
    addSsh: 'Ajouter des clés d’hôtes',
    addTls: 'Ajouter un certificat',
    none: 'Aucun.',
    server: 'Serveur',
    type: 'Type',
    about: 'Empreinte ou sujet',
    remove: (what: string) => `Retirer ${what}`,
    removeText: 'Les dépôts qui s’en servent pour prouver qui ils sont ne peuvent plus être lus.',
  },
})

export default function CertificatesPage() {
  const t = useTexts()
  const { pages } = useSettingsTexts()
  const client = useQueryClient()
  const [open, setOpen] = useState<'ssh' | 'https'>()
  const [removed, setRemoved] = useState<Certificate>()
  const rights = useRights({
    create: { resource: 'certificates', action: 'create', object: '*' },
    delete: { resource: 'certificates', action: 'delete', object: '*' },
  })
  const certificates = useQuery({
    queryKey: certificatesKey,
    queryFn: async ({ signal }) => (await api.call(routes.certificates.list, { signal })).items,
  })

  async function remove({ serverName = '', certType = '', certSubType = '' }: Certificate): Promise<void> {
    const query = { hostNamePattern: serverName, certType, ...(certType === 'ssh' && { certSubType }) }
    await api.call(routes.certificates.delete, { query })
    await client.invalidateQueries({ queryKey: certificatesKey })
  }

  const nameOf = ({ serverName, certSubType }: Certificate) => [serverName, certSubType].filter(Boolean).join(' ')
  return (
    <Page title={pages.certs.name} lead={pages.certs.about}>
      <Answer query={certificates}>
        {(all) =>
          (['ssh', 'https'] as const).map((type) => {
            const rows = all.filter(({ certType }) => certType === type)
            const isSsh = type === 'ssh'
            return (
              <Section
                key={type}
                title={isSsh ? t.ssh : t.tls}
                lead={isSsh ? t.sshLead : t.tlsLead}
                actions={
                  rights.create && (
                    <Button icon={<Plus />} onClick={() => setOpen(type)}>
                      {isSsh ? t.addSsh : t.addTls}
                    </Button>
                  )
                }
              >
                {rows.length === 0 ? (
                  <p className={styles.hint}>{t.none}</p>
                ) : (
                  <Table
                    label={isSsh ? t.ssh : t.tls}
                    rows={rows}
                    keyOf={(row) => `${nameOf(row)} ${row.certInfo}`}
                    columns={[
                      { id: 'server', label: t.server, cell: ({ serverName }) => <code>{serverName}</code> },
                      { id: 'type', label: t.type, wideOnly: true, cell: ({ certSubType }) => certSubType },
                      {
                        id: 'about',
                        label: t.about,
                        wideOnly: true,
                        cell: ({ certInfo }) => <code className={styles.clipped}>{certInfo}</code>,
                      },
                    ]}
                    {...(rights.delete && {
                      actions: (row: Certificate) => (
                        <IconButton label={t.remove(nameOf(row))} onClick={() => setRemoved(row)}>
                          <Trash2 />
                        </IconButton>
                      ),
                    })}
                  />
                )}
              </Section>
            )
          })
        }
      </Answer>
      {open === 'ssh' && <AddHostKeys onClose={() => setOpen(undefined)} />}
      {open === 'https' && <AddTlsCertificate onClose={() => setOpen(undefined)} />}
      {removed && (
        <Confirm
          title={t.remove(nameOf(removed))}
          action={t.remove(removed.serverName ?? '')}
          run={() => remove(removed)}
          onClose={() => setRemoved(undefined)}
        >
          {t.removeText}
        </Confirm>
      )}
    </Page>
  )
}

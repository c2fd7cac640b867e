/** Everything by name: applications, pages, and what can be done on the page that is open. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { useDeferredValue, useState } from 'react'
import { useLocation } from 'wouter'
import { api, routes } from '../lib/api.ts'
import { texts } from '../lib/language.ts'
import { paths, settingsPages } from '../lib/paths.ts'
import { shortcutsInForce } from '../lib/shortcuts.ts'
import { StatusMark } from '../ui/status.tsx'
import styles from './command-palette.module.css'

const useTexts = texts({
  en: {
    label: 'Search or command',
    placeholder: 'An application, a page, a command',
    nothing: 'Nothing has that name.',
    applications: 'Applications',
    here: 'On this page',
    settings: 'Settings',
    pages: {
      repos: 'Repositories',
      repocreds: 'Credential templates',
      clusters: 'Clusters',
      projects: 'Projects',
      accounts: 'Accounts',
      certs: 'Certificates',
      gpgkeys: 'GPG keys',
      notifications: 'Notifications',
      access: 'Who may do what',
      appearance: 'Appearance',
    },
  },
  fr: {
    label: 'Chercher ou commander',
    placeholder: 'Une application, une page, une commande',
    nothing: 'Rien ne porte ce nom.',
    applications: 'Applications',
    here: 'Sur cette page',
    settings: 'Réglages',
    pages: {
      repos: 'Dépôts',
      repocreds: 'Modèles d’identifiants',
      clusters: 'Clusters',
      projects: 'Projets',
      accounts: 'Comptes',
      certs: 'Certificats',
      gpgkeys: 'Clés GPG',
      notifications: 'Notifications',
      access: 'Qui peut faire quoi',
      appearance: 'Apparence',
    },
  },
})

const shownApplications = 8

export default function CommandPalette({ onClose }: { onClose(): void }) {
  const t = useTexts()
  const [, navigate] = useLocation()
  const [text, setText] = useState('')
  const [shortcuts] = useState(shortcutsInForce)
  const search = useDeferredValue(text.trim())
  const { data } = useQuery({
    queryKey: ['palette', search],
    queryFn: ({ signal }) =>
      api.call(routes.applications.list, {
        query: {
          search,
          limit: shownApplications,
          fields: 'items.metadata.name,items.metadata.namespace,items.status.health.status',
        },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 5000,
  })
  const go = (path: string) => () => {
    onClose()
    navigate(path)
  }
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      label={t.label}
      className={styles.palette}
      overlayClassName={styles.scrim}
      contentClassName={styles.content}
    >
      <Command.Input className={styles.input} value={text} onValueChange={setText} placeholder={t.placeholder} />
      <Command.List className={styles.list}>
        <Command.Empty className={styles.nothing}>{t.nothing}</Command.Empty>
        <Command.Group heading={t.applications}>
          {(data?.items ?? []).map(({ metadata, status }) => {
            const { name, namespace = '' } = metadata
            return (
              // The server has searched: words of labels and repositories count too.
              <Command.Item
                key={`${namespace}/${name}`}
                value={`${namespace}/${name}`}
                keywords={[search]}
                onSelect={go(paths.application(namespace, name))}
              >
                <StatusMark status={status?.health?.status} />
                <span className={styles.name}>{name}</span>
                <span className={styles.where}>{namespace}</span>
              </Command.Item>
            )
          })}
        </Command.Group>
        <Command.Group heading={t.here}>
          {shortcuts
            .filter(({ keys }) => keys !== 'mod+k')
            .map(({ keys, label, run }) => (
              <Command.Item
                key={keys}
                value={`${label} ${keys}`}
                onSelect={() => {
                  onClose()
                  // The palette gives the focus back first.
                  setTimeout(run)
                }}
              >
                <span className={styles.name}>{label}</span>
                <kbd>{keys}</kbd>
              </Command.Item>
            ))}
        </Command.Group>
        <Command.Group heading={t.settings}>
          {settingsPages.map((page) => (
            <Command.Item key={page} value={`${t.settings} ${t.pages[page]}`} onSelect={go(paths.settingsPage(page))}>
              <span className={styles.name}>{t.pages[page]}</span>
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  )
}

/** The names of the pages of settings, and what each is for. */
import { texts } from '../../lib/language.ts'
import type { SettingsPage } from '../../lib/paths.ts'

export const useSettingsTexts = texts<{
  settings: string
  back: string
  unknown: string
  pages: Record<SettingsPage, { name: string; about: string }>
}>({
  en: {
    settings: 'Settings',
    back: 'All settings',
    unknown: 'There is no such page of settings',
    pages: {
      repos: { name: 'Repositories', about: 'Where applications come from' },
      repocreds: { name: 'Credential templates', about: 'Credentials for all repositories below an address' },
      clusters: { name: 'Clusters', about: 'Where applications go to' },
      projects: { name: 'Projects', about: 'What applications may take, where they may go, and when' },
      accounts: { name: 'Accounts', about: 'Local users and their tokens' },
      certs: { name: 'Certificates', about: 'How repositories prove who they are' },
      gpgkeys: { name: 'GnuPG keys', about: 'Whose signatures on commits count' },
      notifications: { name: 'Notifications', about: 'Who is told what, and when' },
      access: { name: 'Who may do what', about: 'Ask the policies, and find what is wrong in them' },
      appearance: { name: 'Appearance', about: 'Theme and language of this browser' },
    },
  },
  fr: {
    settings: 'Réglages',
    back: 'Tous les réglages',
    unknown: 'Cette page de réglages n’existe pas',
    pages: {
      repos: { name: 'Dépôts', about: 'D’où viennent les applications' },
      repocreds: { name: 'Modèles d’identifiants', about: 'Identifiants de tous les dépôts sous une adresse' },
      clusters: { name: 'Clusters', about: 'Où vont les applications' },
      projects: { name: 'Projets', about: 'Ce que les applications peuvent prendre, où elles peuvent aller, et quand' },
      accounts: { name: 'Comptes', about: 'Utilisateurs locaux et leurs jetons' },
      certs: { name: 'Certificats', about: 'Comment les dépôts prouvent qui ils sont' },
      gpgkeys: { name: 'Clés GnuPG', about: 'Les signatures de commits qui comptent' },
      notifications: { name: 'Notifications', about: 'Qui est prévenu, de quoi et quand' },
      access: { name: 'Qui peut faire quoi', about: 'Interroger les règles, et y trouver les erreurs' },
      appearance: { name: 'Apparence', about: 'Thème et langue de ce navigateur' },
    },
  },
})

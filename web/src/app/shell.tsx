/** What stands around every page: where one can go, who one is. On a phone it is at the bottom. */
import { useQueryClient } from '@tanstack/react-query'
import { Boxes, CircleUser, Layers, LayoutGrid, Search, Settings as SettingsIcon } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { api, routes } from '../lib/api.ts'
import { languages, setLanguage, texts, useLanguage } from '../lib/language.ts'
import { paths, withSearch } from '../lib/paths.ts'
import { useSession } from '../lib/session.tsx'
import { useShortcuts } from '../lib/shortcuts.ts'
import { setTheme, themes, useTheme } from '../lib/theme.ts'
import { classes } from '../ui/classes.ts'
import { Menu } from '../ui/menu.tsx'
import { useTell } from '../ui/toasts.tsx'
import { Banner } from './banner.tsx'
import styles from './shell.module.css'
import { Wheel } from './wheel.tsx'

const CommandPalette = lazy(() => import('./command-palette.tsx'))
const ShortcutList = lazy(() => import('./shortcut-list.tsx'))

export const useShellTexts = texts({
  en: {
    applications: 'Applications',
    sets: 'Application sets',
    resources: 'Resources',
    settings: 'Settings',
    search: 'Search or command',
    skip: 'Skip to content',
    main: 'Main',
    userInfo: 'About you',
    signOut: 'Sign out',
    signIn: 'Sign in',
    signOutFailed: 'You are still signed in.',
    anonymous: 'Not signed in',
    shortcuts: 'Keyboard shortcuts',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  },
  fr: {
    applications: 'Applications',
    sets: 'Lots d’applications',
    resources: 'Ressources',
    settings: 'Réglages',
    search: 'Chercher ou commander',
    skip: 'Aller au contenu',
    main: 'Principal',
    userInfo: 'À votre sujet',
    signOut: 'Se déconnecter',
    signIn: 'Se connecter',
    signOutFailed: 'Vous êtes toujours connecté.',
    anonymous: 'Non connecté',
    shortcuts: 'Raccourcis clavier',
    themes: { system: 'Comme le système', light: 'Clair', dark: 'Sombre' },
  },
})

export function Shell({ children }: { children: ReactNode }) {
  const t = useShellTexts()
  const { settings } = useSession()
  const [, navigate] = useLocation()
  const [open, setOpen] = useState<'palette' | 'shortcuts'>()
  useShortcuts([
    { keys: 'mod+k', label: t.search, run: () => setOpen('palette') },
    { keys: '?', label: t.shortcuts, run: () => setOpen('shortcuts') },
    { keys: 'g a', label: t.applications, run: () => navigate(paths.applications) },
    { keys: 'g e', label: t.sets, run: () => navigate(paths.applicationSets) },
    { keys: 'g r', label: t.resources, run: () => navigate(paths.resources) },
    { keys: 'g s', label: t.settings, run: () => navigate(paths.settings) },
  ])
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t.skip}
      </a>
      <nav className={styles.nav} aria-label={t.main}>
        <Link className={styles.brand} href={paths.applications}>
          <Wheel className={styles.wheel} />
          <span>Tiphys</span>
        </Link>
        <button type="button" className={styles.search} onClick={() => setOpen('palette')}>
          <Search aria-hidden="true" />
          <span>{t.search}</span> <kbd>{isMac() ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <Place path={paths.applications} icon={<LayoutGrid />} label={t.applications} />
        <Place path={paths.applicationSets} icon={<Layers />} label={t.sets} />
        {settings.resourceViewEnabled !== false && (
          <Place path={paths.resources} icon={<Boxes />} label={t.resources} />
        )}
        <Place path={paths.settings} icon={<SettingsIcon />} label={t.settings} />
        <UserMenu onShortcuts={() => setOpen('shortcuts')} />
      </nav>
      <main className={styles.main} id="content" tabIndex={-1}>
        <Banner />
        {children}
      </main>
      <Suspense fallback={null}>
        {open === 'palette' && <CommandPalette onClose={() => setOpen(undefined)} />}
        {open === 'shortcuts' && <ShortcutList onClose={() => setOpen(undefined)} />}
      </Suspense>
    </div>
  )
}

function Place({ path, icon, label }: { path: string; icon: ReactNode; label: string }) {
  const [location] = useLocation()
  const isHere = location === path || location.startsWith(`${path}/`)
  return (
    <Link
      className={classes(styles.place, isHere && styles.here)}
      href={path}
      aria-current={isHere ? 'page' : undefined}
    >
      {icon}
      <span>{label}</span>
    </Link>
  )
}

function UserMenu({ onShortcuts }: { onShortcuts(): void }) {
  const t = useShellTexts()
  const { user, changed } = useSession()
  const client = useQueryClient()
  const tell = useTell()
  const language = useLanguage()
  const theme = useTheme()
  const [, navigate] = useLocation()

  async function signOut(): Promise<void> {
    // Sessions of an identity provider are ended there too.
    if (user.iss && user.iss !== 'argocd') return location.assign('/auth/logout')
    try {
      await api.call(routes.session.end, {})
      client.clear()
      await changed()
      navigate(paths.login)
    } catch (error) {
      tell.failed(t.signOutFailed, error)
    }
  }

  return (
    <div className={styles.user}>
      <Menu
        align="start"
        trigger={
          <button type="button" className={styles.place}>
            <CircleUser />
            <span className={styles.name}>{user.username ?? t.anonymous}</span>
          </button>
        }
        groups={[
          [
            { label: t.userInfo, run: () => navigate(paths.userInfo) },
            { label: t.shortcuts, run: onShortcuts },
          ],
          themes.map((one) => ({ label: t.themes[one], checked: one === theme, run: () => setTheme(one) })),
          (Object.keys(languages) as (keyof typeof languages)[]).map((one) => ({
            label: languages[one],
            checked: one === language,
            run: () => setLanguage(one),
          })),
          [
            user.loggedIn
              ? { label: t.signOut, run: () => void signOut() }
              : {
                  label: t.signIn,
                  run: () => navigate(withSearch(paths.login, { return_url: window.location.pathname })),
                },
          ],
        ]}
      />
    </div>
  )
}

export function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform)
}

/** Settings: a list of pages at the left, the open one beside it; on a phone the list comes first. */
import { ChevronLeft } from 'lucide-react'
import { type ComponentType, lazy, Suspense } from 'react'
import { Link } from 'wouter'
import { type SettingsPage as PageName, paths, settingsPages } from '../../lib/paths.ts'
import { classes } from '../../ui/classes.ts'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import styles from './settings.module.css'
import { useSettingsTexts } from './texts.ts'

export interface SettingsPageProps {
  page?: string | undefined
  name?: string | undefined
}

/** `name`: of what is open on the page. */
export type PageContent = ComponentType<{ name?: string | undefined }>

const contents: Record<PageName, PageContent> = {
  repos: lazy(() => import('./repositories/repositories-page.tsx')),
  repocreds: lazy(() => import('./credentials/credentials-page.tsx')),
  clusters: lazy(() => import('./clusters/clusters-page.tsx')),
  projects: lazy(() => import('./projects/projects-page.tsx')),
  accounts: lazy(() => import('./accounts/accounts-page.tsx')),
  certs: lazy(() => import('./certificates/certificates-page.tsx')),
  gpgkeys: lazy(() => import('./gpg-keys/gpg-keys-page.tsx')),
  notifications: lazy(() => import('./notifications/notifications-page.tsx')),
  access: lazy(() => import('./access/access-page.tsx')),
  appearance: lazy(() => import('./appearance/appearance-page.tsx')),
}

export default function SettingsPage({ page, name }: SettingsPageProps) {
  const t = useSettingsTexts()
  const open = page === undefined ? 'repos' : settingsPages.find((one) => one === page)
  const Content = open && contents[open]
  return (
    <div className={classes(styles.settings, page === undefined && styles.listFirst)}>
      <nav className={styles.nav} aria-label={t.settings}>
        <p className={styles.heading}>{t.settings}</p>
        {settingsPages.map((one) => (
          <Link
            key={one}
            className={classes(styles.place, one === open && styles.here)}
            href={paths.settingsPage(one)}
            aria-current={one === open && page !== undefined ? 'page' : undefined}
          >
            <span>{t.pages[one].name}</span>
            <span className={styles.about}>{t.pages[one].about}</span>
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        <Link className={styles.back} href={paths.settings}>
          <ChevronLeft aria-hidden="true" />
          {t.back}
        </Link>
        <Suspense fallback={null}>
          {Content ? (
            <Content key={open} {...(name !== undefined && { name: decoded(name) })} />
          ) : (
            <Page title={t.settings}>
              <Empty title={t.unknown} />
            </Page>
          )}
        </Suspense>
      </div>
    </div>
  )
}

/** A slash in a name is written as %2F, which the router leaves as it is. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** Which address shows what. Each page is loaded when it is opened first. */
import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import type { ApplicationParts } from '../features/application/parts.ts'
import { texts } from '../lib/language.ts'
import { paths } from '../lib/paths.ts'
import { Empty } from '../ui/empty.tsx'
import { PageFailure } from './page-failure.tsx'

const Applications = lazy(() => import('../features/applications/applications-page.tsx'))
const ApplicationEditor = lazy(() => import('../features/application-form/application-editor.tsx'))
const Application = lazy(() => import('../features/application/application-page.tsx'))
const ApplicationSets = lazy(() => import('../features/application-sets/application-sets-page.tsx'))
const Resources = lazy(() => import('../features/resources/resources-page.tsx'))
const Settings = lazy(() => import('../features/settings/settings-page.tsx'))
const OwnAccount = lazy(() => import('../features/settings/accounts/own-account.tsx'))
const UserInfo = lazy(() => import('../features/user/user-page.tsx'))

/** What other features bring to the page of one application. */
const applicationParts: ApplicationParts = {
  ResourcePanel: lazy(() => import('../features/resource/resource-panel.tsx')),
  Changes: lazy(() => import('../features/resource/changes.tsx')),
  SyncPanel: lazy(() => import('../features/sync/sync-panel.tsx')),
  History: lazy(() => import('../features/history/history.tsx')),
  ApplicationEditor,
}

const useTexts = texts({
  en: { notFound: 'There is no such page', look: 'The address may be mistyped.', home: 'To the applications' },
  fr: { notFound: 'Cette page n’existe pas', look: 'L’adresse est peut-être erronée.', home: 'Vers les applications' },
})

export function Pages() {
  return (
    <PageFailure>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/">
            <Redirect to={paths.applications} replace />
          </Route>
          <Route path={paths.applications}>
            <Applications Editor={ApplicationEditor} />
          </Route>
          <Route path="/applications/:namespace/:name">
            {({ namespace, name }) => (
              <Application key={`${namespace}/${name}`} namespace={namespace} name={name} parts={applicationParts} />
            )}
          </Route>
          {/* Links made for Argo CD leave out the namespace where it is the usual one. */}
          <Route path="/applications/:name">
            {({ name }) => <Application key={name} name={name} parts={applicationParts} />}
          </Route>
          <Route path={paths.applicationSets}>
            <ApplicationSets />
          </Route>
          <Route path="/applicationsets/:namespace/:name">
            {({ namespace, name }) => <ApplicationSets open={{ namespace, name }} />}
          </Route>
          <Route path={paths.resources}>
            <Resources />
          </Route>
          <Route path="/settings/:page?/:name?">{({ page, name }) => <Settings page={page} name={name} />}</Route>
          <Route path={paths.userInfo}>
            <UserInfo account={OwnAccount} />
          </Route>
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </PageFailure>
  )
}

function NotFound() {
  const t = useTexts()
  return (
    <Empty title={t.notFound} actions={<a href={paths.applications}>{t.home}</a>}>
      {t.look}
    </Empty>
  )
}

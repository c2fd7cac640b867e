/** One application: how it stands in a sentence, what can be done, and its resources from several sides. */
import { Link, Redirect } from 'wouter'
import { failureText, hasStatus } from '../../lib/api.ts'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ApplicationView } from './application-view.tsx'
import { useFollowedApplication } from './data/follow-application.ts'
import type { ApplicationParts } from './parts.ts'
import { useTexts } from './texts.ts'

export interface ApplicationPageProps {
  namespace?: string
  name: string
  parts: ApplicationParts
}

export default function ApplicationPage({ namespace, name, parts }: ApplicationPageProps) {
  const t = useTexts()
  const followed = useFollowedApplication({ namespace, name })
  const { application, error } = followed
  if (application && namespace === undefined && application.metadata.namespace) {
    return <Redirect to={paths.application(application.metadata.namespace, name) + location.search} replace />
  }
  if (application) {
    return <ApplicationView named={{ namespace, name }} application={application} followed={followed} parts={parts} />
  }
  if (!error) {
    return (
      <Page title={name} heading={name}>
        <Skeleton rows={6} height={28} />
      </Page>
    )
  }
  // Who may not see it gets the same words as who asks for what is not there.
  const isUnknown = hasStatus(error, 404) || hasStatus(error, 403)
  return (
    <Page title={name}>
      <Empty
        title={isUnknown ? t.notFound : t.failed}
        actions={
          isUnknown ? (
            <Link href={paths.applications}>{t.toApplications}</Link>
          ) : (
            <Button onClick={followed.retry}>{t.retry}</Button>
          )
        }
      >
        {isUnknown ? t.notFoundText : failureText(error)}
      </Empty>
    </Page>
  )
}

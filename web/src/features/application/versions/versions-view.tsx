/** Which versions an application runs: of its images and of its sources, what is newer, and what keeps that away. */
import { useMutation } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Application, failureText } from '../../../lib/api.ts'
import { useShortcuts } from '../../../lib/shortcuts.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { Time } from '../../../ui/time.tsx'
import { type ApplicationImages, useApplicationImages } from '../data/application-images.ts'
import type { ApplicationName } from '../data/application-key.ts'
import { deployedRevisions, lastDeployment } from '../data/facts.ts'
import { type SourceVersions, useSourceVersions } from '../data/source-versions.ts'
import { ImageTable } from './image-table.tsx'
import { SourceTable } from './source-table.tsx'
import { countsOf } from './standings.ts'
import { useVersionTexts } from './version-texts.ts'
import styles from './versions.module.css'
import { WatchHelp } from './watch-help.tsx'

export default function VersionsView({ named, application }: { named: ApplicationName; application: Application }) {
  const t = useVersionTexts()
  const { images, ...asking } = useApplicationImages(named, application)
  const { versions, ...askingSources } = useSourceVersions(named, application)
  // What changes none of the objects is as declared without being deployed.
  const isSynced = application.status?.sync?.status === 'Synced'
  const deployed = isSynced ? [] : deployedRevisions(lastDeployment(application))
  const look = useMutation({ mutationFn: () => Promise.all([asking.ask(), askingSources.ask()]) })
  // A branch has no versions, and an image without a rule has no registry that is asked.
  const canAsk = images?.rules !== undefined || versions?.some(({ kind }) => kind !== 'name') === true
  useShortcuts(canAsk ? [{ keys: 'u', label: t.look, run: () => look.mutate() }] : [])
  return (
    <section className={styles.view} aria-label={t.label}>
      <div className={styles.bar}>
        <p className={styles.summary} aria-live="polite">
          {images && versions && <Summary images={images} versions={versions} deployed={deployed} />}
        </p>
        <div className={styles.asking}>
          {images?.lookedAt && (
            <span>
              {t.lookedAt} <Time at={images.lookedAt} />
            </span>
          )}
          {canAsk && (
            <Button icon={<Search />} busy={look.isPending} title={t.lookHint} onClick={() => look.mutate()}>
              {t.look}
            </Button>
          )}
        </div>
      </div>
      {look.error && (
        <Notice tone="bad" title={t.lookFailed}>
          {failureText(look.error)}
        </Notice>
      )}
      <Part title={t.images} lead={images && <Rules images={images} />}>
        {images ? (
          <Images application={application} images={images} />
        ) : (
          <Waiting title={t.imagesFailed} error={asking.error} onRetry={asking.retry} />
        )}
      </Part>
      <Part title={t.sources}>
        {versions ? (
          <SourceTable versions={versions} deployed={deployed} />
        ) : (
          <Waiting title={t.sourcesFailed} error={askingSources.error} onRetry={askingSources.retry} />
        )}
      </Part>
    </section>
  )
}

function Part({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {lead}
      </div>
      {children}
    </section>
  )
}

function Waiting({ title, error, onRetry }: { title: string; error: unknown; onRetry(): void }) {
  const t = useVersionTexts()
  if (!error) return <Skeleton rows={3} height={32} />
  return (
    <Notice tone="bad" title={title} actions={<Button onClick={onRetry}>{t.retry}</Button>}>
      {failureText(error)}
    </Notice>
  )
}

interface SummaryProps {
  images: ApplicationImages
  versions: SourceVersions[]
  deployed: string[]
}

function Summary({ images, versions, deployed }: SummaryProps) {
  const t = useVersionTexts()
  const { newer, held, failed, unfit, unknown, unwatched } = countsOf(images.items, versions, deployed)
  const parts = [
    newer > 0 ? <strong key="newer">{t.newer(newer)}</strong> : t.nothingNewer,
    held > 0 && t.held(held),
    failed > 0 && t.failed(failed),
    unfit > 0 && t.unfit(unfit),
    unknown > 0 && t.unknown(unknown),
    unwatched > 0 && t.unwatched(unwatched),
  ].filter((part) => part !== false)
  return parts.flatMap((part, index) => (index > 0 ? [', ', part] : [part]))
}

function Images({ application, images }: { application: Application; images: ApplicationImages }) {
  const t = useVersionTexts()
  const { items, rules, leftAlone, problems } = images
  return (
    <>
      {leftAlone !== undefined && (
        <Notice tone="drift" title={t.leftAlone[leftAlone] ?? leftAlone}>
          {t.leftAloneText[leftAlone]}
        </Notice>
      )}
      {problems.length > 0 && (
        <Notice tone="bad" title={t.problems}>
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </Notice>
      )}
      {items.length === 0 ? (
        <Empty title={t.noImages}>{t.noImagesText}</Empty>
      ) : (
        <>
          <ImageTable images={images} />
          <WatchHelp application={application} rules={rules} items={items} />
        </>
      )}
    </>
  )
}

/** Where the rules stand, and where what they choose is written. */
function Rules({ images: { rules, writtenTo } }: { images: ApplicationImages }) {
  const t = useVersionTexts()
  if (!rules) return null
  return (
    <p className={styles.lead}>
      {t.setBy} {rules.in === 'annotations' ? (rules.updater ? t.annotationsFor : t.annotations) : t.updater}
      {rules.updater && (
        <>
          {' '}
          <code>{rules.updater}</code>
        </>
      )}
      .{' '}
      {writtenTo && (
        <>
          {t.goesTo}{' '}
          {writtenTo.in === 'spec' ? (
            t.theSpec
          ) : (
            <span title={writtenTo.repoURL}>
              <code>{writtenTo.file}</code> {t.on}{' '}
              {writtenTo.branch ? <code>{writtenTo.branch}</code> : t.defaultBranch}
            </span>
          )}
          .
        </>
      )}
    </p>
  )
}

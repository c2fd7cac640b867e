/** ApplicationSets: which there are, and one of them. */
import { Plus } from 'lucide-react'
import { Link } from 'wouter'
import { count, useLanguage } from '../../lib/language.ts'
import { paths } from '../../lib/paths.ts'
import { useRights } from '../../lib/rights.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { Answer } from '../../ui/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Status } from '../../ui/status.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useApplicationSets, useLiveSets } from './ask-sets.ts'
import { summarise } from './generators.ts'
import { SetDetail } from './set-detail.tsx'
import { SetEditor } from './set-editor.tsx'
import { useSetTexts } from './texts.ts'

export default function ApplicationSetsPage({ open }: { open?: { namespace: string; name: string } }) {
  const stream = useLiveSets()
  const isLost = stream === 'lost'
  if (!open) return <SetList isLost={isLost} />
  const { namespace, name } = open
  return <SetDetail key={`${namespace}/${name}`} namespace={namespace} name={name} isLost={isLost} />
}

function SetList({ isLost }: { isLost: boolean }) {
  const t = useSetTexts()
  const language = useLanguage()
  const search = useSearchState()
  const sets = useApplicationSets()
  const rights = useRights({ create: { resource: 'applicationsets', action: 'create', object: '*/*' } })
  const create = rights.create && (
    <Button kind="primary" icon={<Plus />} onClick={() => search.set({ add: 'yes' })}>
      {t.create}
    </Button>
  )
  return (
    <Page title={t.title} lead={t.lead} actions={create}>
      {isLost && <Notice tone="drift">{t.stale}</Notice>}
      <Answer query={sets}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.none} actions={create}>
              {t.noneText}
            </Empty>
          ) : (
            <Table
              label={t.title}
              rows={all}
              keyOf={({ metadata }) => `${metadata.namespace}/${metadata.name}`}
              columns={[
                {
                  id: 'name',
                  label: t.columns.application,
                  cell: ({ metadata: { name, namespace = '' } }) => (
                    <Link href={paths.applicationSet(namespace, name)}>{name}</Link>
                  ),
                },
                {
                  id: 'generators',
                  label: t.from,
                  wideOnly: true,
                  cell: ({ spec }) => (spec.generators ?? []).map((one) => summarise(one).kind).join(', '),
                },
                {
                  id: 'made',
                  label: t.made,
                  cell: ({ status }) => count(language, status?.resources?.length ?? 0, ...t.applications),
                },
                {
                  id: 'status',
                  label: t.columns.status,
                  cell: ({ status }) => status?.health?.status && <Status status={status.health.status} />,
                },
                {
                  id: 'created',
                  label: t.columns.when,
                  wideOnly: true,
                  cell: ({ metadata }) => <Time at={metadata.creationTimestamp ?? undefined} />,
                },
              ]}
            />
          )
        }
      </Answer>
      {search.get('add') !== undefined && <SetEditor onClose={() => search.set({ add: undefined })} />}
    </Page>
  )
}

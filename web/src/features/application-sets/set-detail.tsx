/** One ApplicationSet: where its values come from, its template, what it has made, and how it stands. */
import { useQueryClient } from '@tanstack/react-query'
import { dump } from 'js-yaml'
import { FileCode, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { api, routes } from '../../lib/api.ts'
import { paths } from '../../lib/paths.ts'
import { useRights } from '../../lib/rights.ts'
import { Answer } from '../../ui/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Status } from '../../ui/status.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { YamlEditor } from '../../ui/yaml-editor.tsx'
import { type ApplicationSet, setsKey, useApplicationSet, useEvents } from './ask-sets.ts'
import { type GeneratorSummary, summarise } from './generators.ts'
import { SetEditor } from './set-editor.tsx'
import styles from './sets.module.css'
import { useSetTexts } from './texts.ts'

export function SetDetail({ namespace, name, isLost }: { namespace: string; name: string; isLost: boolean }) {
  const t = useSetTexts()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [open, setOpen] = useState<'edit' | 'remove'>()
  const set = useApplicationSet({ namespace, name })
  const project = set.data?.spec.template.spec.project || 'default'
  const object = `${project}/${namespace}/${name}`
  const rights = useRights({
    update: { resource: 'applicationsets', action: 'update', object },
    delete: { resource: 'applicationsets', action: 'delete', object },
  })

  async function remove(): Promise<void> {
    await api.call(routes.applicationSets.delete, { params: { name }, query: { appsetNamespace: namespace } })
    client.removeQueries({ queryKey: setsKey })
    navigate(paths.applicationSets)
  }

  return (
    <Page
      title={name}
      lead={<Link href={paths.applicationSets}>{t.back}</Link>}
      actions={
        set.data && (
          <>
            {rights.update && (
              <Button icon={<FileCode />} onClick={() => setOpen('edit')}>
                {t.edit}
              </Button>
            )}
            {rights.delete && (
              <Button icon={<Trash2 />} onClick={() => setOpen('remove')}>
                {t.remove}
              </Button>
            )}
          </>
        )
      }
    >
      {isLost && <Notice tone="drift">{t.stale}</Notice>}
      <Answer query={set}>{(found) => <Content set={found} />}</Answer>
      {open === 'edit' && set.data && <SetEditor set={set.data} onClose={() => setOpen(undefined)} />}
      {open === 'remove' && (
        <Confirm
          title={t.removeTitle(name)}
          action={t.removeAction(name)}
          typed={name}
          run={remove}
          onClose={() => setOpen(undefined)}
        >
          {t.removeText}
        </Confirm>
      )}
    </Page>
  )
}

function Content({ set: { metadata, spec, status } }: { set: ApplicationSet }) {
  const t = useSetTexts()
  const { name, namespace = '' } = metadata
  const strategy = spec.strategy?.type
  const template = dump(spec.template, { lineWidth: -1 }).trimEnd()
  return (
    <>
      <Conditions conditions={status?.conditions ?? []} />
      <Part title={t.from} lead={t.fromLead}>
        <Generators all={(spec.generators ?? []).map(summarise)} />
        {strategy && (
          <p className={styles.strategy}>
            {t.strategy}: {t.strategies[strategy] ?? strategy}
          </p>
        )}
      </Part>
      <Part title={t.made} lead={t.madeLead}>
        <Made status={status} namespace={namespace} />
      </Part>
      <Part title={t.template} lead={t.templateLead}>
        <YamlEditor label={t.template} value={template} readOnly height={heightOf(template)} />
      </Part>
      <Part title={t.events}>
        <Events namespace={namespace} name={name} />
      </Part>
    </>
  )
}

/** As high as its lines, up to a point. */
function heightOf(text: string): string {
  return `${Math.min(480, text.split('\n').length * 18 + 24)}px`
}

function Part({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2 className={styles.partTitle}>{title}</h2>
      {lead && <p className={styles.lead}>{lead}</p>}
      <div className={styles.partBody}>{children}</div>
    </section>
  )
}

function Generators({ all }: { all: GeneratorSummary[] }) {
  const t = useSetTexts()
  return (
    <ul className={styles.generators}>
      {all.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: generators have no names and do not move
        <li key={at} className={styles.generator}>
          <strong className={styles.kind}>{one.kind}</strong>
          {one.facts.length > 0 && (
            <dl className={styles.facts}>
              {one.facts.map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
          {one.children.length > 0 && (
            <>
              <p className={styles.lead}>{t.children[one.kind]}</p>
              <Generators all={one.children} />
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

type SetStatus = ApplicationSet['status']

function Made({ status, namespace }: { status: SetStatus; namespace: string }) {
  const t = useSetTexts()
  const made = status?.resources ?? []
  if (made.length === 0) return <p className={styles.lead}>{t.nothingMade}</p>
  const progress = new Map(status?.applicationStatus?.map((one) => [one.application ?? '', one]))
  return (
    <Table
      label={t.made}
      rows={made}
      keyOf={(one) => `${one.namespace}/${one.name}`}
      columns={[
        {
          id: 'application',
          label: t.columns.application,
          cell: ({ name = '', namespace: own }) => <Link href={paths.application(own ?? namespace, name)}>{name}</Link>,
        },
        { id: 'sync', label: t.columns.status, cell: ({ status: sync }) => <Status status={sync} /> },
        { id: 'health', label: '', cell: ({ health }) => health?.status && <Status status={health.status} /> },
        { id: 'step', label: t.columns.step, wideOnly: true, cell: ({ name = '' }) => progress.get(name)?.step },
        {
          id: 'message',
          label: t.columns.message,
          wideOnly: true,
          cell: ({ name = '' }) => progress.get(name)?.message,
        },
      ]}
    />
  )
}

type Condition = {
  type?: string
  status?: string
  message?: string
  reason?: string
  lastTransitionTime?: string | null
}

function Conditions({ conditions }: { conditions: Condition[] }) {
  return conditions
    .filter(({ type = '', status }) => (type.startsWith('Error') ? status === 'True' : status === 'False'))
    .map(({ type, reason, message, lastTransitionTime }) => (
      <Notice key={type} tone="bad" title={[type, reason].filter(Boolean).join(': ')}>
        {message} <Time at={lastTransitionTime ?? undefined} />
      </Notice>
    ))
}

function Events({ namespace, name }: { namespace: string; name: string }) {
  const t = useSetTexts()
  return (
    <Answer query={useEvents({ namespace, name })} rows={2}>
      {(events) =>
        events.length === 0 ? (
          <p className={styles.lead}>{t.noEvents}</p>
        ) : (
          <Table
            label={t.events}
            rows={events}
            keyOf={({ lastTimestamp, reason, message }) => `${lastTimestamp} ${reason} ${message}`}
            columns={[
              { id: 'when', label: t.columns.when, cell: (event) => <Time at={event.lastTimestamp ?? undefined} /> },
              { id: 'message', label: t.columns.message, cell: ({ message }) => message },
            ]}
          />
        )
      }
    </Answer>
  )
}

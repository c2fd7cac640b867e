/** Two deployments, or one and the cluster, side by side: which objects differ, in which fields, and as YAML. */
import { dump } from 'js-yaml'
import { useId, useMemo, useState } from 'react'
import { type Application, failureText } from '../../lib/api.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Select } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { YamlDiff } from '../../ui/yaml-diff.tsx'
import { type Side, useManifests } from './ask-manifests.ts'
import { compareManifests, type FieldChange, liveAsDeclared, type Manifest, type ObjectChange } from './compare.ts'
import { type Deployment, shortRevisions } from './deployments.ts'
import styles from './history.module.css'
import { useTexts } from './texts.ts'

export interface ComparisonProps {
  application: Application
  deployments: Deployment[]
  from: Side | undefined
  to: Side | undefined
  onChoose(sides: { from?: Side | undefined; to?: Side | undefined }): void
}

export function Comparison({ application, deployments, from, to, onChoose }: ComparisonProps) {
  const t = useTexts()
  const before = useManifests(application, from)
  const after = useManifests(application, to)
  const one = from === undefined ? [] : before.data
  const other = after.data
  const compared = useMemo(
    () => one && other && compareManifests(shown(one, other, from), shown(other, one, to)),
    [one, other, from, to],
  )
  const error = before.error ?? after.error
  return (
    <section className={styles.comparison} aria-label={t.comparison}>
      <div className={styles.sides}>
        <SideChoice
          label={t.from}
          side={from}
          deployments={deployments}
          onChoose={(side) => onChoose({ from: side, to })}
        />
        <SideChoice
          label={t.to}
          side={to}
          deployments={deployments}
          onChoose={(side) => onChoose({ from, to: side })}
        />
      </div>
      {error ? (
        <Notice
          tone="bad"
          title={t.failed}
          actions={<Button onClick={() => void Promise.all([before.refetch(), after.refetch()])}>{t.again}</Button>}
        >
          {failureText(error)}
        </Notice>
      ) : !compared ? (
        <Skeleton rows={5} height={20} />
      ) : (
        <>
          {compared.changes.length === 0 && <p className={styles.same}>{t.same}</p>}
          <ul className={styles.changes}>
            {compared.changes.map((change) => (
              <Change
                key={change.key}
                change={change}
                home={application.spec.destination?.namespace ?? ''}
                names={{ before: nameOf(from, t.live), after: nameOf(to, t.live) }}
              />
            ))}
          </ul>
          <p className={styles.remark}>
            {[
              compared.unchanged > 0 && t.unchanged(compared.unchanged),
              (from === 'live' || to === 'live') && t.liveHint,
              compared.hasSecrets && t.secrets,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </>
      )}
    </section>
  )
}

interface SideChoiceProps {
  label: string
  side: Side | undefined
  deployments: Deployment[]
  onChoose(side: Side | undefined): void
}

function SideChoice({ label, side, deployments, onChoose }: SideChoiceProps) {
  const t = useTexts()
  const id = useId()
  return (
    <div className={styles.side}>
      <label htmlFor={id}>{label}</label>
      <Select id={id} value={side ?? ''} onChange={({ target }) => onChoose(readSide(target.value))}>
        {side === undefined && <option value="">—</option>}
        {deployments.map((deployment) => (
          <option key={deployment.entry.id} value={deployment.entry.id}>
            #{deployment.entry.id} {shortRevisions(deployment)}
          </option>
        ))}
        <option value="live">{t.live}</option>
      </Select>
    </div>
  )
}

function shown(manifests: Manifest[], other: Manifest[], side: Side | undefined): Manifest[] {
  return side === 'live' ? liveAsDeclared(manifests, other) : manifests
}

function readSide(value: string): Side | undefined {
  if (value === 'live') return 'live'
  return value === '' ? undefined : Number(value)
}

function nameOf(side: Side | undefined, live: string): string {
  return side === 'live' ? live : side === undefined ? '—' : `#${side}`
}

const shownFields = 8

interface ChangeProps {
  change: ObjectChange
  /** The namespace that goes without saying. */
  home: string
  names: { before: string; after: string }
}

function Change({ change, home, names }: ChangeProps) {
  const t = useTexts()
  const [isOpen, setOpen] = useState(false)
  const { kind, name, namespace, fields } = change
  return (
    <li className={styles.change}>
      <div className={styles.object}>
        <span className={classes(styles.what, styles[change.change])}>{t.changes[change.change]}</span>
        <span className={styles.name}>
          {kind} <strong>{name}</strong>{' '}
          {namespace && namespace !== home && <span className={styles.namespace}>{namespace}</span>}
        </span>
        <Button
          kind="quiet"
          aria-expanded={isOpen}
          aria-label={`${t.yaml}: ${kind} ${name}`}
          onClick={() => setOpen(!isOpen)}
        >
          {t.yaml}
        </Button>
      </div>
      {fields.length > 0 && (
        <dl className={styles.fields}>
          {fields.slice(0, shownFields).map((field) => (
            <Field key={field.path} field={field} />
          ))}
        </dl>
      )}
      {fields.length > shownFields && <p className={styles.remark}>{t.moreFields(fields.length - shownFields)}</p>}
      {isOpen && (
        <YamlDiff label={`${kind} ${name}`} before={yaml(change.before)} after={yaml(change.after)} names={names} />
      )}
    </li>
  )
}

function Field({ field: { path, before, after } }: { field: FieldChange }) {
  return (
    <div className={styles.field}>
      <dt>{path}</dt>
      <dd>
        <Value value={before} /> <span aria-hidden="true">→</span> <Value value={after} />
      </dd>
    </div>
  )
}

const longest = 120

function Value({ value }: { value: unknown }) {
  const t = useTexts()
  if (value === undefined) return <span className={styles.absent}>{t.absent}</span>
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return (
    <code title={text.length > longest ? text : undefined}>
      {text.length > longest ? `${text.slice(0, longest)}…` : text || '""'}
    </code>
  )
}

function yaml(manifest: Manifest | undefined): string {
  return manifest ? dump(manifest, { lineWidth: -1, noRefs: true }) : ''
}

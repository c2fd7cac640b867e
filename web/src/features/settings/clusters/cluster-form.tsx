/** Registers a cluster, or changes one: how it is reached, what of it counts, and what is said of it. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, routes } from '../../../lib/api.ts'
import { Checkbox, Field, Select, TextArea, TextInput } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { FormPanel } from '../parts/form-panel.tsx'
import { LinesField } from '../parts/lines-field.tsx'
import styles from '../parts/parts.module.css'
import { type Cluster, clustersKey } from './ask-clusters.ts'
import {
  type ClusterDraft,
  type ClusterField,
  clusterBody,
  clusterDraft,
  clusterProblems,
  type Method,
  methods,
  updatedFields,
} from './cluster-draft.ts'
import { useClusterFormTexts } from './form-texts.ts'
import { useClusterTexts } from './texts.ts'

/** Without a cluster, a new one. */
export function ClusterForm({ cluster, onClose }: { cluster?: Cluster | undefined; onClose(): void }) {
  const t = useClusterFormTexts()
  const words = useClusterTexts()
  const client = useQueryClient()
  const tell = useTell()
  const [draft, setDraft] = useState(() => clusterDraft(cluster))
  const [hasTried, setTried] = useState(false)
  const change = (changes: Partial<ClusterDraft>) => setDraft((before) => ({ ...before, ...changes }))
  const problems = clusterProblems(draft)
  const problem = (field: ClusterField) => {
    const found = hasTried ? problems.get(field) : undefined
    return found && t.problem[found]
  }

  async function save(): Promise<void> {
    setTried(true)
    if (problems.size > 0) throw new Error(t.incomplete)
    const body = clusterBody(draft)
    const { server } = body
    if (cluster) {
      await api.call(routes.clusters.update, {
        params: { id: server },
        query: { updatedFields: updatedFields(draft) },
        body,
      })
    } else await api.call(routes.clusters.create, { body })
    await client.invalidateQueries({ queryKey: clustersKey })
    tell.done((cluster ? t.saved : t.registered)(body.name || server))
  }

  return (
    <FormPanel
      title={cluster ? t.editTitle(cluster.name ?? draft.server) : t.title}
      description={!cluster && t.about}
      action={cluster ? t.save : t.register}
      submit={save}
      onClose={onClose}
    >
      <div className={styles.columns}>
        <Field label={t.server} hint={t.serverHint} error={problem('server')}>
          {(field) => (
            <TextInput
              {...field}
              mono
              value={draft.server}
              disabled={cluster !== undefined}
              onChange={(event) => change({ server: event.target.value })}
              autoFocus={!cluster}
            />
          )}
        </Field>
        <Field label={t.name} hint={t.nameHint}>
          {(field) => (
            <TextInput {...field} value={draft.name} onChange={(event) => change({ name: event.target.value })} />
          )}
        </Field>
      </div>
      <Access draft={draft} change={change} problem={problem} isKnown={cluster !== undefined} />
      <LinesField
        label={words.facts.namespaces?.[0]}
        hint={t.namespacesHint}
        values={draft.namespaces}
        onChange={(namespaces) => change({ namespaces })}
      />
      {draft.namespaces.length > 0 && (
        <Checkbox
          label={t.clusterResources}
          hint={t.clusterResourcesHint}
          checked={draft.clusterResources}
          onChange={(event) => change({ clusterResources: event.target.checked })}
        />
      )}
      <Field label={t.project} hint={t.projectHint}>
        {(field) => (
          <TextInput {...field} value={draft.project} onChange={(event) => change({ project: event.target.value })} />
        )}
      </Field>
      <LinesField
        label={words.facts.labels?.[0]}
        hint={t.labelsHint}
        values={draft.labels}
        onChange={(labels) => change({ labels })}
      />
      <LinesField
        label={t.annotations}
        hint={t.labelsHint}
        values={draft.annotations}
        onChange={(annotations) => change({ annotations })}
        rows={2}
      />
    </FormPanel>
  )
}

interface AccessProps {
  draft: ClusterDraft
  change(changes: Partial<ClusterDraft>): void
  problem(field: ClusterField): string | undefined
  isKnown: boolean
}

/** How it is reached. */
function Access({ draft, change, problem, isKnown }: AccessProps) {
  const t = useClusterFormTexts()
  const { method } = draft
  return (
    <>
      <Field label={t.method} hint={isKnown && method !== 'kept' && t.replaced}>
        {(field) => (
          <Select {...field} value={method} onChange={(event) => change({ method: event.target.value as Method })}>
            {methods
              .filter((one) => isKnown || one !== 'kept')
              .map((one) => (
                <option key={one} value={one}>
                  {t.methods[one]}
                </option>
              ))}
          </Select>
        )}
      </Field>
      {method === 'token' && (
        <Field label={t.token} hint={t.tokenHint} error={problem('token')}>
          {(field) => (
            <TextInput
              {...field}
              type="password"
              autoComplete="new-password"
              value={draft.token}
              onChange={(event) => change({ token: event.target.value })}
            />
          )}
        </Field>
      )}
      {method === 'certificate' &&
        (['certificate', 'key'] as const).map((name) => (
          <PemField
            key={name}
            label={t[name]}
            error={problem(name)}
            value={draft[name]}
            onChange={(value) => change({ [name]: value })}
          />
        ))}
      {method !== 'kept' && (
        <>
          {!draft.insecure && (
            <PemField
              label={t.authority}
              hint={t.authorityHint}
              error={problem('authority')}
              value={draft.authority}
              onChange={(authority) => change({ authority })}
            />
          )}
          <Field label={t.serverName} hint={t.serverNameHint}>
            {(field) => (
              <TextInput
                {...field}
                mono
                value={draft.serverName}
                onChange={(event) => change({ serverName: event.target.value })}
              />
            )}
          </Field>
          <Checkbox
            label={t.insecure}
            checked={draft.insecure}
            onChange={(event) => change({ insecure: event.target.checked })}
          />
          {draft.insecure && <Notice tone="drift">{t.insecureHint}</Notice>}
        </>
      )}
    </>
  )
}

interface PemFieldProps {
  label: string
  hint?: string
  error: string | undefined
  value: string
  onChange(value: string): void
}

function PemField({ label, hint, error, value, onChange }: PemFieldProps) {
  const t = useClusterFormTexts()
  return (
    <Field label={label} hint={hint ?? t.pemHint} error={error}>
      {(field) => (
        <TextArea {...field} mono rows={4} value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  )
}

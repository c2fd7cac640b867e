/** Adds or changes a repository; whether it can be read is tried before. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, failureText } from '../../../lib/api.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { draftOf, fieldsToSend, kindOf } from '../parts/connection-draft.ts'
import { ConnectionFields, KindField } from '../parts/connection-fields.tsx'
import { FormPanel } from '../parts/form-panel.tsx'
import styles from '../parts/parts.module.css'
import type { Purpose } from '../parts/purpose.ts'
import { type Repository, repositoriesKey, repositoryRoutes, testConnection } from './ask-repositories.ts'
import { useRepositoryTexts } from './texts.ts'

type Trial = { state: 'running' | 'works' } | { state: 'fails'; why: string }

interface RepositoryPanelProps {
  purpose: Purpose
  /** Without it, a new one. */
  repository?: Repository | undefined
  onClose(): void
}

export function RepositoryPanel({ purpose, repository, onClose }: RepositoryPanelProps) {
  const t = useRepositoryTexts()
  const client = useQueryClient()
  const tell = useTell()
  const [url, setUrl] = useState(repository?.repo ?? '')
  const [draft, setDraft] = useState(() => draftOf(repository ?? {}))
  const [trial, setTrial] = useState<Trial>()
  const setText = (name: string, value: string) => change({ ...draft, texts: { ...draft.texts, [name]: value } })

  function change(next: typeof draft): void {
    setDraft(next)
    setTrial(undefined)
  }

  function typeUrl(text: string): void {
    setUrl(text)
    change({ ...draft, kind: kindOf(text) ?? draft.kind })
  }

  async function test(): Promise<void> {
    setTrial({ state: 'running' })
    try {
      await testConnection(purpose, url.trim(), fieldsToSend(draft, url))
      setTrial({ state: 'works' })
    } catch (error) {
      setTrial({ state: 'fails', why: failureText(error) })
    }
  }

  async function save(): Promise<void> {
    const repo = url.trim()
    const body = { ...fieldsToSend(draft, url), repo }
    const of = repositoryRoutes(purpose)
    if (repository) await api.call(of.update, { params: { repo }, body })
    else await api.call(of.create, { body })
    await client.invalidateQueries({ queryKey: repositoriesKey })
    tell.done(t.saved(repo))
  }

  return (
    <FormPanel
      title={repository ? t.editTitle : t.title}
      action={repository ? t.save : t.add}
      disabled={url.trim() === ''}
      submit={save}
      onClose={onClose}
      extra={
        <Button onClick={() => void test()} busy={trial?.state === 'running'} disabled={url.trim() === ''}>
          {trial?.state === 'running' ? t.testing : t.test}
        </Button>
      }
    >
      <Field label={t.url} hint={t.urlHint}>
        {(field) => (
          <TextInput
            {...field}
            mono
            value={url}
            disabled={repository !== undefined}
            onChange={(event) => typeUrl(event.target.value)}
            autoFocus={!repository}
          />
        )}
      </Field>
      <KindField draft={draft} onChange={change} />
      <ConnectionFields draft={draft} onChange={change} url={url} isKnown={repository !== undefined} />
      <div className={styles.columns}>
        <Field label={t.name} hint={t.nameHint}>
          {(field) => (
            <TextInput
              {...field}
              value={draft.texts.name ?? ''}
              onChange={(event) => setText('name', event.target.value)}
            />
          )}
        </Field>
        <Field label={t.project} hint={t.projectHint}>
          {(field) => (
            <TextInput
              {...field}
              value={draft.texts.project ?? ''}
              disabled={repository !== undefined}
              onChange={(event) => setText('project', event.target.value)}
            />
          )}
        </Field>
      </div>
      {trial?.state === 'works' && <Notice tone="good">{t.works}</Notice>}
      {trial?.state === 'fails' && (
        <Notice tone="bad" title={t.fails}>
          {trial.why}
        </Notice>
      )}
    </FormPanel>
  )
}

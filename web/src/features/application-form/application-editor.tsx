/** Creates an Application, or changes one: by a form, or as YAML; both are about the same draft. */
import { type FormEvent, useId, useMemo, useState } from 'react'
import { type Application, failureText, hasStatus } from '../../lib/api.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useKindSchema } from '../../ui/kind-schema.ts'
import { Notice } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useTell } from '../../ui/toasts.tsx'
import { YamlEditor } from '../../ui/yaml-editor.tsx'
import { ApplicationForm } from './application-form.tsx'
import { type Draft, draftOf, newDraft, type Path, withValue } from './draft.ts'
import { type DraftContext, DraftProvider } from './draft-context.ts'
import styles from './form.module.css'
import { fieldOf, pathKey, problemsOf } from './problems.ts'
import { createApplication, updateApplication } from './save-application.ts'
import { useFormTexts } from './texts.ts'
import { type Read, readYaml, yamlOf } from './yaml-draft.ts'

export interface ApplicationEditorProps {
  /** The whole one, to be changed; a new one without it. */
  application?: Application
  onClose(): void
  onSaved(application: Application): void
}

interface Refusal {
  message: string
  field: string | undefined
}

export default function ApplicationEditor({ application, onClose, onSaved }: ApplicationEditorProps) {
  const t = useFormTexts()
  const tell = useTell()
  const form = useId()
  const given = useGiven()
  const [first] = useState<Draft>(() => (application ? draftOf(application) : (given ?? newDraft())))
  const [draft, setDraft] = useState(first)
  const [yaml, setYaml] = useState<string>()
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [hasTried, setTried] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setBusy] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const schema = useKindSchema('Application')
  const read: Read = useMemo(() => (yaml === undefined ? { draft } : readYaml(yaml)), [yaml, draft])
  const current = 'draft' in read ? read.draft : draft
  const problems = useMemo(() => problemsOf(current), [current])
  const { name } = current.metadata
  const isRenamed =
    application !== undefined &&
    (name !== application.metadata.name ||
      (current.metadata.namespace ?? '') !== (draftOf(application).metadata.namespace ?? ''))

  const context: DraftContext = {
    draft,
    isExisting: application !== undefined,
    set(path, value) {
      setDraft((before) => withValue(before, path, value))
      if (refusal?.field === pathKey(path)) setRefusal(undefined)
    },
    change: setDraft,
    touch: (path: Path) => setTouched((before) => new Set(before).add(pathKey(path))),
    problem(path) {
      const key = pathKey(path)
      if (refusal?.field === key) return refusal.message
      const kind = problems.get(key)
      return kind && (hasTried || touched.has(key)) ? t.problem[kind] : undefined
    },
  }

  function showMode(mode: 'form' | 'yaml'): void {
    if (mode === 'yaml') {
      setYaml(yamlOf(draft))
    } else if ('draft' in read) {
      setDraft(read.draft)
      setYaml(undefined)
    }
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setTried(true)
    setRefusal(undefined)
    if (!('draft' in read) || isRenamed || problems.size > 0) return
    setBusy(true)
    try {
      const saved = await (application ? updateApplication(current) : createApplication(current))
      tell.done(application ? t.saved(name) : t.created(name))
      onSaved(saved)
    } catch (error) {
      const isOvertaken = hasStatus(error, 409) && application !== undefined
      const message = isOvertaken ? t.overtaken : failureText(error)
      const field = isOvertaken ? undefined : fieldOf(message, current)
      setRefusal({ message, field: field && pathKey(field) })
    } finally {
      setBusy(false)
    }
  }

  const isChanged = draft !== first || (yaml !== undefined && yaml !== yamlOf(first))
  const wrongYaml =
    'broken' in read ? t.yamlBroken(read.broken) : 'other' in read ? t.yamlNotOne : isRenamed ? t.yamlName : undefined
  return (
    <Dialog
      shape="wide panel"
      title={application ? t.edit(application.metadata.name) : t.create}
      onClose={() => (isChanged ? setLeaving(true) : onClose())}
      footer={
        <>
          <Button onClick={() => (isChanged ? setLeaving(true) : onClose())}>{t.cancel}</Button>
          <Button kind="primary" type="submit" form={form} busy={isBusy}>
            {application ? t.save : t.createAction(name)}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void submit(event)}>
        <div className={styles.mode}>
          <Segmented
            label={t.mode}
            chosen={yaml === undefined ? 'form' : 'yaml'}
            onChoose={showMode}
            choices={[
              { id: 'form', label: t.modes.form },
              { id: 'yaml', label: t.modes.yaml },
            ]}
          />
        </div>
        {refusal && (
          <Notice tone="bad" title={t.refused}>
            {refusal.message}
          </Notice>
        )}
        {yaml !== undefined && wrongYaml && <Notice tone="bad">{wrongYaml}</Notice>}
        {hasTried && problems.size > 0 && !wrongYaml && (
          <Notice tone="bad" title={t.fixFirst(problems.size)}>
            {yaml !== undefined && (
              <ul>
                {[...problems].map(([path, kind]) => (
                  <li key={path}>
                    <code>{path}</code>: {t.problem[kind]}
                  </li>
                ))}
              </ul>
            )}
          </Notice>
        )}
        {yaml === undefined ? (
          <DraftProvider value={context}>
            <ApplicationForm />
          </DraftProvider>
        ) : (
          <YamlEditor value={yaml} onChange={setYaml} label={t.yaml} schema={schema} height="calc(100dvh - 220px)" />
        )}
      </form>
      {isLeaving && (
        <Confirm
          title={t.discardTitle}
          action={t.discard}
          run={async () => onClose()}
          onClose={() => setLeaving(false)}
        >
          {t.discardText}
        </Confirm>
      )}
    </Dialog>
  )
}

/** Links made for Argo CD can carry a whole application in `new`. */
function useGiven(): Draft | undefined {
  const text = useSearchState().get('new')
  if (!text?.startsWith('{')) return undefined
  const read = readYaml(text)
  return 'draft' in read ? read.draft : undefined
}

/** An ApplicationSet as YAML: a new one, or one that is there. */
import { useQueryClient } from '@tanstack/react-query'
import { dump, load } from 'js-yaml'
import { useId, useState } from 'react'
import { useLocation } from 'wouter'
import { api, failureText, routes } from '../../lib/api.ts'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useKindSchema } from '../../ui/kind-schema.ts'
import { Notice } from '../../ui/notice.tsx'
import { YamlEditor } from '../../ui/yaml-editor.tsx'
import { type ApplicationSet, type PreviewedApplication, previewOf, setsKey } from './ask-sets.ts'
import styles from './sets.module.css'
import { useSetTexts } from './texts.ts'

const fresh = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: shops
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - clusters: {}
  template:
    metadata:
      name: "shop-{{.name}}"
    spec:
      project: default
      source:
        repoURL: https://github.com/my-org/shop.git
        targetRevision: HEAD
        path: deploy
      destination:
        server: "{{.server}}"
        namespace: shop
`

export function SetEditor({ set, onClose }: { set?: ApplicationSet; onClose(): void }) {
  const t = useSetTexts()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const form = useId()
  const [text, setText] = useState(() => (set ? dump(editable(set), { lineWidth: -1 }) : fresh))
  const schema = useKindSchema('ApplicationSet')
  const [failure, setFailure] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const [preview, setPreview] = useState<PreviewedApplication[]>()

  async function show(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    setPreview(undefined)
    try {
      setPreview(await previewOf(readYaml(text) as ApplicationSet))
    } catch (error) {
      setFailure(error instanceof UnreadableYaml ? `${t.unreadable} ${error.message}` : failureText(error))
    }
    setBusy(false)
  }

  async function save(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      const wanted = readYaml(text)
      const saved = await api.call(routes.applicationSets.create, {
        query: { upsert: set !== undefined },
        body: wanted as ApplicationSet,
      })
      await client.invalidateQueries({ queryKey: setsKey })
      onClose()
      if (!set) navigate(paths.applicationSet(saved.metadata.namespace ?? '', saved.metadata.name))
    } catch (error) {
      setFailure(error instanceof UnreadableYaml ? `${t.unreadable} ${error.message}` : failureText(error))
      setBusy(false)
    }
  }

  return (
    <Dialog
      shape="wide panel"
      title={set ? t.editTitle(set.metadata.name) : t.createTitle}
      description={t.editLead}
      onClose={onClose}
      footer={
        <>
          <Button busy={isBusy} onClick={() => void show()}>
            {t.preview}
          </Button>
          <Button kind="primary" type="submit" form={form} busy={isBusy}>
            {set ? t.save : t.create}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {failure && <Notice tone="bad">{failure}</Notice>}
        {preview && <Preview applications={preview} />}
        <YamlEditor label={t.yaml} schema={schema} value={text} onChange={setText} height="calc(100dvh - 210px)" />
      </form>
    </Dialog>
  )
}

const mostShown = 50

function Preview({ applications }: { applications: PreviewedApplication[] }) {
  const t = useSetTexts()
  const more = applications.length - mostShown
  return (
    <section className={styles.preview} aria-live="polite">
      <h3 className={styles.partTitle}>{t.previewTitle(applications.length)}</h3>
      <ul>
        {applications.slice(0, mostShown).map(({ name, place }) => (
          <li key={name}>
            {name} <span className={styles.lead}>{place}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className={styles.lead}>{t.previewMore(more)}</p>}
    </section>
  )
}

class UnreadableYaml extends Error {}

function readYaml(text: string): unknown {
  try {
    return load(text)
  } catch (error) {
    throw new UnreadableYaml(error instanceof Error ? error.message : String(error))
  }
}

/** Without what only the server writes. */
function editable({ apiVersion, kind, metadata, spec }: ApplicationSet): object {
  const { name, namespace, labels, annotations, finalizers } = metadata
  const kept = Object.entries({ name, namespace, labels, annotations, finalizers }).filter(([, value]) => value)
  return { apiVersion, kind, metadata: Object.fromEntries(kept), spec }
}

/** A project as YAML: everything that it can say. */
import { dump, load } from 'js-yaml'
import { useState } from 'react'
import { failureText } from '../../../lib/api.ts'
import { Button } from '../../../ui/button.tsx'
import { useKindSchema } from '../../../ui/kind-schema.ts'
import { Notice } from '../../../ui/notice.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { YamlEditor } from '../../../ui/yaml-editor.tsx'
import styles from '../parts/parts.module.css'
import { type ProjectSpec, useProjectWriter } from './ask-projects.ts'
import type { ProjectTabProps } from './rules/rules-tab.tsx'
import { useProjectTexts } from './texts.ts'

export function YamlTab({ detailed: { project }, mayEdit }: ProjectTabProps) {
  const t = useProjectTexts()
  const tell = useTell()
  const writer = useProjectWriter()
  const stored = dump(project.spec, { lineWidth: -1 })
  // What is typed counts until it is saved, also when somebody else changes the project meanwhile.
  const [typed, setTyped] = useState<string>()
  const schema = useKindSchema('AppProject', 'spec')
  const [failure, setFailure] = useState<string>()
  const [isBusy, setBusy] = useState(false)

  async function save(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      const spec = readSpec(typed ?? stored)
      if (typeof spec === 'string') return setFailure(`${t.unreadable} ${spec}`)
      await writer.save(project, spec)
      setTyped(undefined)
      tell.done(t.saved)
    } catch (error) {
      setFailure(failureText(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <div className={styles.tabHeader}>
        <p className={styles.hint}>{t.yamlLead}</p>
        {mayEdit && (
          <Button
            kind="primary"
            busy={isBusy}
            disabled={typed === undefined || typed === stored}
            onClick={() => void save()}
          >
            {t.save}
          </Button>
        )}
      </div>
      {failure && <Notice tone="bad">{failure}</Notice>}
      <YamlEditor
        label={t.yaml}
        schema={schema}
        value={typed ?? stored}
        onChange={setTyped}
        readOnly={!mayEdit}
        height="min(640px, calc(100dvh - 260px))"
      />
    </>
  )
}

/** A text says why it cannot be read. */
function readSpec(text: string): ProjectSpec | string {
  try {
    const value: unknown = load(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : 'spec'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

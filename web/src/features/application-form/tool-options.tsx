/** How a source is rendered: what the tool that does it can be told. */
import { Plus, Trash2 } from 'lucide-react'
import { useId } from 'react'
import type { ApplicationSource } from '../../lib/api.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Checkbox, Field, Select, TextInput } from '../../ui/field.tsx'
import { listAt, type Path, textAt, valueAt } from './draft.ts'
import { useDraft } from './draft-context.ts'
import { DraftCheck, DraftLines, DraftLongText, DraftText } from './draft-fields.tsx'
import styles from './form.module.css'
import { ReplicaLines } from './replica-lines.tsx'
import { Columns, Folded } from './section.tsx'
import { useDetails, useSettled } from './suggestions.ts'
import { useFormTexts } from './texts.ts'

const tools = ['helm', 'kustomize', 'directory', 'plugin'] as const

export function ToolOptions({ path, source }: { path: Path; source: ApplicationSource }) {
  const t = useFormTexts()
  const { draft, set } = useDraft()
  const asked = useSettled(JSON.stringify(placeOf(source)))
  const { data, isFetching } = useDetails(JSON.parse(asked) as ApplicationSource, {
    appName: textAt(draft, ['metadata', 'name']) || 'new',
    project: textAt(draft, ['spec', 'project']),
  })
  const chosen = tools.find((tool) => source[tool] !== undefined)
  const found = tools.find((tool) => tool === data?.type?.toLowerCase())
  const tool = chosen ?? found
  const auto = found ? t.found(t.tools[found]) : isFetching ? t.checking : t.tools.auto

  function choose(next: string): void {
    for (const one of tools) if (one !== next) set([...path, one], undefined)
    if (next !== '') set([...path, next], {})
  }

  return (
    <Folded title={`${t.tool}: ${chosen ? t.tools[chosen] : auto}`} open={chosen !== undefined}>
      {!source.chart && (
        <Field label={t.tool}>
          {(wiring) => (
            <Select {...wiring} value={chosen ?? ''} onChange={({ target }) => choose(target.value)}>
              <option value="">{auto}</option>
              {tools.map((one) => (
                <option key={one} value={one}>
                  {t.tools[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {(source.chart !== undefined || tool === 'helm') && (
        <HelmOptions path={[...path, 'helm']} known={data?.helm?.parameters?.map(({ name = '' }) => name) ?? []} />
      )}
      {tool === 'kustomize' && source.chart === undefined && <KustomizeOptions path={[...path, 'kustomize']} />}
      {tool === 'directory' && source.chart === undefined && <DirectoryOptions path={[...path, 'directory']} />}
      {tool === 'plugin' && <p className={styles.remark}>{t.pluginText}</p>}
    </Folded>
  )
}

/** What is set of it makes no other of it. */
function placeOf({ repoURL, path, chart, targetRevision }: ApplicationSource) {
  return { repoURL, ...(path && { path }), ...(chart && { chart }), ...(targetRevision && { targetRevision }) }
}

function HelmOptions({ path, known }: { path: Path; known: string[] }) {
  const t = useFormTexts()
  const { draft } = useDraft()
  const hasObject = valueAt(draft, [...path, 'valuesObject']) !== undefined
  return (
    <>
      <Parameters path={[...path, 'parameters']} known={known} />
      <DraftLines path={[...path, 'valueFiles']} label={t.valueFiles} hint={t.valueFilesHint} />
      {hasObject ? (
        <p className={styles.remark}>{t.valuesObject}</p>
      ) : (
        <DraftLongText path={[...path, 'values']} label={t.values} hint={t.valuesHint} />
      )}
      <Columns>
        <DraftText path={[...path, 'releaseName']} label={t.releaseName} mono />
      </Columns>
      <div className={styles.checks}>
        <DraftCheck path={[...path, 'skipCrds']} label={t.skipCrds} />
        <DraftCheck path={[...path, 'skipTests']} label={t.skipTests} />
        <DraftCheck path={[...path, 'ignoreMissingValueFiles']} label={t.ignoreMissing} />
      </div>
    </>
  )
}

interface Parameter {
  name?: string
  value?: string
  forceString?: boolean
}

function Parameters({ path, known }: { path: Path; known: string[] }) {
  const t = useFormTexts()
  const { draft, set, problem, touch } = useDraft()
  const names = useId()
  const parameters = listAt<Parameter>(draft, path)
  return (
    <>
      <p className={styles.label}>{t.parameters}</p>
      <div className={styles.parameters}>
        {parameters.map(({ name = '', value = '', forceString = false }, index) => {
          const wrong = problem([...path, index, 'name'])
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: parameters have no other identity
            <div key={index} className={styles.parameter}>
              <TextInput
                mono
                aria-label={`${t.parameterName} ${index + 1}`}
                aria-invalid={wrong ? true : undefined}
                list={names}
                value={name}
                onChange={({ target }) => set([...path, index, 'name'], target.value)}
                onBlur={() => touch([...path, index, 'name'])}
              />
              <TextInput
                mono
                aria-label={`${t.parameterValue} ${index + 1}`}
                value={value}
                onChange={({ target }) => set([...path, index, 'value'], target.value)}
              />
              <Checkbox
                label={t.forceString}
                checked={forceString}
                onChange={({ target }) => set([...path, index, 'forceString'], target.checked || undefined)}
              />
              <IconButton label={t.remove(name || `${index + 1}`)} onClick={() => set([...path, index], undefined)}>
                <Trash2 />
              </IconButton>
              {wrong && <span className={styles.wrong}>{wrong}</span>}
            </div>
          )
        })}
      </div>
      <datalist id={names}>
        {known.slice(0, 500).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Button kind="quiet" icon={<Plus />} onClick={() => set([...path, parameters.length], { name: '', value: '' })}>
        {t.addParameter}
      </Button>
    </>
  )
}

function KustomizeOptions({ path }: { path: Path }) {
  const t = useFormTexts()
  return (
    <>
      <DraftLines path={[...path, 'images']} label={t.images} hint={t.imagesHint} />
      <ReplicaLines path={[...path, 'replicas']} label={t.replicas} hint={t.replicasHint} />
      <Columns>
        <DraftText path={[...path, 'namePrefix']} label={t.namePrefix} mono />
        <DraftText path={[...path, 'nameSuffix']} label={t.nameSuffix} mono />
        <DraftText path={[...path, 'namespace']} label={t.kustomizeNamespace} mono />
      </Columns>
    </>
  )
}

function DirectoryOptions({ path }: { path: Path }) {
  const t = useFormTexts()
  return (
    <>
      <div className={styles.checks}>
        <DraftCheck path={[...path, 'recurse']} label={t.recurse} />
      </div>
      <Columns>
        <DraftText path={[...path, 'include']} label={t.include} hint={t.globHint} mono />
        <DraftText path={[...path, 'exclude']} label={t.exclude} hint={t.globHint} mono />
      </Columns>
    </>
  )
}

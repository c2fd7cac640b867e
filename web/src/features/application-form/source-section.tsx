/** Where the manifests come from: one source or several. */
import { Plus, Trash2 } from 'lucide-react'
import type { ApplicationSource } from '../../lib/api.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { type Path, sourcePaths, textAt, valueAt, withAnotherSource, withoutSource, withValue } from './draft.ts'
import { useDraft } from './draft-context.ts'
import { DraftText } from './draft-fields.tsx'
import styles from './form.module.css'
import { pathKey } from './problems.ts'
import { Columns, Section } from './section.tsx'
import { useCharts, usePaths, useRepositories, useRevisions, useSettled } from './suggestions.ts'
import { useFormTexts } from './texts.ts'
import { ToolOptions } from './tool-options.tsx'

export function SourceSection() {
  const t = useFormTexts()
  const { draft, change } = useDraft()
  if (valueAt(draft, ['spec', 'sourceHydrator'])) {
    return (
      <Section title={t.source}>
        <p className={styles.remark}>{t.hydrator}</p>
      </Section>
    )
  }
  const sources = sourcePaths(draft)
  return (
    <Section title={t.source}>
      {sources.map((path, index) => (
        <div key={pathKey(path)} className={styles.source}>
          {sources.length > 1 && (
            <div className={styles.sourceHead}>
              <span>{t.sourceNumber(index + 1)}</span>
              <IconButton label={t.removeSource(index + 1)} onClick={() => change(withoutSource(draft, index))}>
                <Trash2 />
              </IconButton>
            </div>
          )}
          <SourceFields path={path} isOneOfSeveral={sources.length > 1} />
        </div>
      ))}
      <Button kind="quiet" icon={<Plus />} onClick={() => change(withAnotherSource(draft))}>
        {t.addSource}
      </Button>
    </Section>
  )
}

function SourceFields({ path, isOneOfSeveral }: { path: Path; isOneOfSeveral: boolean }) {
  const t = useFormTexts()
  const { draft, change } = useDraft()
  const source = (valueAt(draft, path) ?? {}) as ApplicationSource
  const isChart = source.chart !== undefined
  const project = textAt(draft, ['spec', 'project'])
  const settled = useSettled(textAt(source, ['repoURL']).trim())
  const inRepository = { repo: settled, project }
  const repositories = useRepositories()
  const revision = useSettled(textAt(source, ['targetRevision']))
  const revisions = useRevisions(inRepository, !isChart)
  const paths = usePaths(inRepository, revision, !isChart)
  const charts = useCharts(inRepository, isChart)
  const versions = charts.find(({ name }) => name === source.chart)?.versions ?? []

  function choose(kind: 'git' | 'chart'): void {
    const { chart: _chart, path: _path, ...rest } = source
    change(withValue(draft, path, kind === 'chart' ? { ...rest, chart: '' } : { ...rest, path: '' }))
  }

  return (
    <>
      <div className={styles.kinds}>
        <Segmented
          label={t.kindOfSource}
          chosen={isChart ? 'chart' : 'git'}
          onChoose={choose}
          choices={[
            { id: 'git', label: t.kinds.git },
            { id: 'chart', label: t.kinds.chart },
          ]}
        />
      </div>
      <DraftText path={[...path, 'repoURL']} label={t.repo} hint={t.repoHint} suggestions={repositories} mono />
      <Columns>
        {isChart ? (
          <>
            <DraftText path={[...path, 'chart']} label={t.chart} suggestions={charts.map(({ name }) => name)} mono />
            <DraftText
              path={[...path, 'targetRevision']}
              label={t.version}
              hint={t.versionHint}
              suggestions={versions}
              mono
            />
          </>
        ) : (
          <>
            <DraftText
              path={[...path, 'targetRevision']}
              label={t.revision}
              hint={t.revisionHint}
              suggestions={revisions}
              placeholder="HEAD"
              mono
            />
            <DraftText path={[...path, 'path']} label={t.path} hint={t.pathHint} suggestions={paths} mono />
          </>
        )}
        {isOneOfSeveral && <DraftText path={[...path, 'ref']} label={t.ref} hint={t.refHint} mono />}
      </Columns>
      <ToolOptions path={path} source={source} />
    </>
  )
}

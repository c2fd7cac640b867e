/** Edits one part of the rules of a project. */
import { useState } from 'react'
import type { Project } from '../../../../lib/api.ts'
import { Checkbox, Field, TextInput } from '../../../../ui/field.tsx'
import { useTell } from '../../../../ui/toasts.tsx'
import { FormPanel } from '../../parts/form-panel.tsx'
import { LinesField } from '../../parts/lines-field.tsx'
import { linesOfPairs, pairsOfLines } from '../../parts/pairs.ts'
import { type ProjectSpec, useProjectWriter } from '../ask-projects.ts'
import { useProjectTexts } from '../texts.ts'
import { DestinationFields, KindFields, OrphanedFields, ServiceAccountFields, tidy } from './rule-fields.tsx'

export type Part = 'general' | 'sources' | 'destinations' | 'kinds' | 'accounts' | 'orphaned' | 'signatures'

export function RuleEditor({ part, project, onClose }: { part: Part; project: Project; onClose(): void }) {
  const t = useProjectTexts()
  const tell = useTell()
  const writer = useProjectWriter()
  const [spec, setSpec] = useState<ProjectSpec>(project.spec)
  const { metadata } = project
  const [labels, setLabels] = useState(linesOfPairs(metadata.labels))
  const [annotations, setAnnotations] = useState(linesOfPairs(metadata.annotations))
  const change = (changes: ProjectSpec) => setSpec((before) => ({ ...before, ...changes }))
  const [title, lead] = t.parts[part] ?? [part, '']

  async function save(): Promise<void> {
    const described = { labels: pairsOfLines(labels), annotations: pairsOfLines(annotations) }
    await writer.save(project, tidy(spec), described)
    tell.done(t.saved)
  }

  return (
    <FormPanel title={title} description={lead} action={t.save} submit={save} onClose={onClose}>
      {part === 'general' && (
        <>
          <Field label={t.description} hint={t.descriptionHint}>
            {(field) => (
              <TextInput
                {...field}
                value={spec.description ?? ''}
                onChange={(event) => change({ description: event.target.value })}
              />
            )}
          </Field>
          <LinesField label={t.labels} hint={t.labelsHint} values={labels} onChange={setLabels} />
          <LinesField label={t.annotations} hint={t.annotationsHint} values={annotations} onChange={setAnnotations} />
        </>
      )}
      {part === 'sources' && (
        <>
          <LinesField
            label={title}
            hint={t.sourcesHint}
            values={spec.sourceRepos ?? []}
            onChange={(sourceRepos) => change({ sourceRepos })}
            rows={5}
          />
          <LinesField
            label={t.sourceNamespaces}
            hint={t.sourceNamespacesHint}
            values={spec.sourceNamespaces ?? []}
            onChange={(sourceNamespaces) => change({ sourceNamespaces })}
          />
        </>
      )}
      {part === 'destinations' && (
        <>
          <DestinationFields spec={spec} onChange={change} />
          <Checkbox
            label={t.scopedOnly}
            checked={spec.permitOnlyProjectScopedClusters ?? false}
            onChange={(event) => change({ permitOnlyProjectScopedClusters: event.target.checked })}
          />
        </>
      )}
      {part === 'kinds' && <KindFields spec={spec} onChange={change} />}
      {part === 'accounts' && <ServiceAccountFields spec={spec} onChange={change} />}
      {part === 'orphaned' && <OrphanedFields spec={spec} onChange={change} />}
      {part === 'signatures' && (
        <LinesField
          label={t.keys}
          hint={t.keysHint}
          values={(spec.signatureKeys ?? []).map(({ keyID }) => keyID)}
          onChange={(ids) => change({ signatureKeys: ids.map((keyID) => ({ keyID })) })}
        />
      )}
    </FormPanel>
  )
}

/** Changes what is said of a cluster; how it is reached stays as it is. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, routes } from '../../../lib/api.ts'
import { Field, TextInput } from '../../../ui/field.tsx'
import { FormPanel } from '../parts/form-panel.tsx'
import { LinesField } from '../parts/lines-field.tsx'
import { linesOfPairs, pairsOfLines } from '../parts/pairs.ts'
import { type Cluster, clustersKey } from './ask-clusters.ts'
import { useClusterTexts } from './texts.ts'

/** Only these are changed. */
const updatedFields = ['name', 'namespaces', 'labels', 'annotations', 'project']

export function EditCluster({ cluster, onClose }: { cluster: Cluster; onClose(): void }) {
  const t = useClusterTexts()
  const client = useQueryClient()
  const { server = '' } = cluster
  const [name, setName] = useState(cluster.name ?? '')
  const [project, setProject] = useState(cluster.project ?? '')
  const [namespaces, setNamespaces] = useState(cluster.namespaces ?? [])
  const [labels, setLabels] = useState(linesOfPairs(cluster.labels))
  const [annotations, setAnnotations] = useState(linesOfPairs(cluster.annotations))

  async function save(): Promise<void> {
    const body = {
      server,
      name,
      project,
      namespaces,
      labels: pairsOfLines(labels),
      annotations: pairsOfLines(annotations),
    }
    await api.call(routes.clusters.update, { params: { id: server }, query: { updatedFields }, body })
    await client.invalidateQueries({ queryKey: clustersKey })
  }

  return (
    <FormPanel title={t.editTitle(cluster.name ?? server)} action={t.save} submit={save} onClose={onClose}>
      <Field label={t.name} hint={t.nameHint}>
        {(field) => <TextInput {...field} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <LinesField
        label={t.facts.namespaces?.[0]}
        hint={t.namespacesHint}
        values={namespaces}
        onChange={setNamespaces}
      />
      <LinesField label={t.facts.labels?.[0]} hint={t.labelsHint} values={labels} onChange={setLabels} />
      <LinesField label={t.annotations} hint={t.labelsHint} values={annotations} onChange={setAnnotations} />
      <Field label={t.project} hint={t.projectHint}>
        {(field) => <TextInput {...field} value={project} onChange={(event) => setProject(event.target.value)} />}
      </Field>
    </FormPanel>
  )
}

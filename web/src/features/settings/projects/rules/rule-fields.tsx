/** The lists of rules of a project, as rows that are filled in. */
import { Checkbox } from '../../../../ui/field.tsx'
import { useClusters } from '../../clusters/ask-clusters.ts'
import { RowsField } from '../../parts/rows-field.tsx'
import type { ProjectSpec } from '../ask-projects.ts'
import { useProjectTexts } from '../texts.ts'

export interface RuleFieldsProps {
  spec: ProjectSpec
  onChange(changes: ProjectSpec): void
}

type Row = Record<string, string>

/** Fields that are empty are left out, and rows without any. */
function filled(rows: Row[]): Row[] {
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value.trim() !== '')))
    .filter((row) => Object.keys(row).length > 0)
}

function useClusterSuggestions() {
  const { data = [] } = useClusters()
  return {
    names: ['*', ...data.map(({ name }) => name ?? '').filter(Boolean)],
    servers: ['*', ...data.map(({ server }) => server ?? '').filter(Boolean)],
  }
}

export function DestinationFields({ spec, onChange }: RuleFieldsProps) {
  const t = useProjectTexts()
  const clusters = useClusterSuggestions()
  return (
    <RowsField
      label={t.parts.destinations?.[0] ?? ''}
      hint={t.destinationsHint}
      add={t.addDestination}
      fresh={{ server: '', name: '', namespace: '' }}
      columns={[
        { id: 'name', label: t.destination.name, suggestions: clusters.names },
        { id: 'server', label: t.destination.server, suggestions: clusters.servers },
        { id: 'namespace', label: t.destination.namespace },
      ]}
      rows={(spec.destinations ?? []) as Row[]}
      onChange={(rows) => onChange({ destinations: rows })}
    />
  )
}

export function ServiceAccountFields({ spec, onChange }: RuleFieldsProps) {
  const t = useProjectTexts()
  const clusters = useClusterSuggestions()
  return (
    <RowsField
      label={t.parts.accounts?.[0] ?? ''}
      hint={t.parts.accounts?.[1]}
      add={t.addServiceAccount}
      columns={[
        { id: 'server', label: t.destination.server, suggestions: clusters.servers },
        { id: 'namespace', label: t.destination.namespace },
        { id: 'defaultServiceAccount', label: t.serviceAccount },
      ]}
      rows={(spec.destinationServiceAccounts ?? []) as Row[]}
      onChange={(destinationServiceAccounts) => onChange({ destinationServiceAccounts })}
    />
  )
}

const kindLists = [
  'clusterResourceWhitelist',
  'clusterResourceBlacklist',
  'namespaceResourceWhitelist',
  'namespaceResourceBlacklist',
] as const

export function KindFields({ spec, onChange }: RuleFieldsProps) {
  const t = useProjectTexts()
  return (
    <>
      <p>{t.kindsHint}</p>
      {kindLists.map((list) => {
        const [label, hint] = t.lists[list] ?? [list, '']
        const isOfCluster = list.startsWith('cluster')
        return (
          <RowsField
            key={list}
            label={label}
            hint={hint}
            add={t.addKind}
            fresh={{ group: '', kind: '' }}
            columns={[
              { id: 'group', label: t.kind.group },
              { id: 'kind', label: t.kind.kind },
              ...(isOfCluster ? [{ id: 'name', label: t.kind.name }] : []),
            ]}
            rows={(spec[list] ?? []) as Row[]}
            onChange={(rows) => onChange({ [list]: rows.map(asKind) })}
          />
        )
      })}
    </>
  )
}

function asKind({ group = '', kind = '', name }: Row) {
  return { group, kind, ...(name && { name }) }
}

export function OrphanedFields({ spec, onChange }: RuleFieldsProps) {
  const t = useProjectTexts()
  const { orphanedResources } = spec
  return (
    <>
      <Checkbox
        label={t.orphanedOn}
        checked={orphanedResources !== undefined}
        onChange={(event) => onChange({ orphanedResources: event.target.checked ? { warn: true } : undefined })}
      />
      {orphanedResources && (
        <>
          <Checkbox
            label={t.orphanedWarn}
            checked={orphanedResources.warn !== false}
            onChange={(event) => onChange({ orphanedResources: { ...orphanedResources, warn: event.target.checked } })}
          />
          <RowsField
            label={t.orphanedIgnore}
            hint={t.kindsHint}
            add={t.addKind}
            columns={[
              { id: 'group', label: t.kind.group },
              { id: 'kind', label: t.kind.kind },
              { id: 'name', label: t.kind.name },
            ]}
            rows={(orphanedResources.ignore ?? []) as Row[]}
            onChange={(ignore) => onChange({ orphanedResources: { ...orphanedResources, ignore } })}
          />
        </>
      )}
    </>
  )
}

/** As it is sent: rows that somebody has begun and left empty are none. */
export function tidy(spec: ProjectSpec): ProjectSpec {
  return {
    ...spec,
    ...(spec.destinations && { destinations: filled(spec.destinations as Row[]) }),
    ...(spec.destinationServiceAccounts && {
      destinationServiceAccounts: filled(spec.destinationServiceAccounts as Row[]),
    }),
    ...Object.fromEntries(
      kindLists.flatMap((list) => (spec[list] ? [[list, spec[list].filter(({ kind }) => kind.trim() !== '')]] : [])),
    ),
  }
}

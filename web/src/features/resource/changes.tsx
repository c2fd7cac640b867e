/** All deviations of an application, field by field, with who made them so. */
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { type Application, failureText } from '../../lib/api.ts'
import { resourceParameter } from '../../lib/paths.ts'
import { changed, useSearchState } from '../../lib/search-state.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Empty } from '../../ui/empty.tsx'
import { TextInput } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StatusMark } from '../../ui/status.tsx'
import { countOf, type FieldGroup, fieldGroups, fieldSorts } from './changes/field-rows.ts'
import { FieldTable } from './changes/field-table.tsx'
import { ResourceYaml } from './changes/resource-yaml.tsx'
import { useChangeTexts } from './changes/texts.ts'
import styles from './changes.module.css'
import { comparisonVersion, useManagedResources } from './queries/managed-resources.ts'

export default function Changes({ application }: { application: Application }) {
  const t = useChangeTexts()
  const search = useSearchState()
  const sort = fieldSorts.find((one) => one === search.get('fields')) ?? 'drift'
  const text = search.get('field') ?? ''
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const version = comparisonVersion(application)
  const { resources, error } = useManagedResources(application, { undeclared: sort === 'undeclared', version })
  if (error) {
    return (
      <Notice tone="bad" title={t.comparedFailed}>
        {failureText(error)}
      </Notice>
    )
  }
  const groups = resources && fieldGroups(resources, { sort, text })
  const toggle = (key: string) => setOpen((before) => toggled(before, key))
  return (
    <div className={styles.changes}>
      <div className={styles.filters}>
        <Segmented
          label={t.show}
          chosen={sort}
          onChoose={(chosen) => search.set({ fields: chosen === 'drift' ? undefined : chosen })}
          choices={fieldSorts.map((id) => ({ id, label: labelOf(t.sorts[id], id, resources) }))}
        />
        <TextInput
          type="search"
          className={styles.search}
          aria-label={t.filter}
          placeholder={t.filter}
          value={text}
          onChange={(event) => search.set({ field: event.target.value }, { replace: true })}
        />
      </div>
      {!groups ? (
        <Skeleton rows={6} height={20} />
      ) : groups.length > 0 ? (
        <FieldTable
          label={t.table}
          groups={groups}
          heading={(group) => <Heading group={group} isOpen={open.has(group.key)} onToggle={() => toggle(group.key)} />}
          below={(group) => open.has(group.key) && <ResourceYaml diff={group.diff} />}
        />
      ) : text === '' ? (
        <Empty title={t.none[sort]}>{t.noneText[sort]}</Empty>
      ) : (
        <Empty
          title={t.nothingFound}
          actions={<Button onClick={() => search.set({ field: undefined })}>{t.clear}</Button>}
        />
      )}
    </div>
  )
}

/** What is left open is counted only when it has been asked for. */
function labelOf(
  label: string,
  sort: (typeof fieldSorts)[number],
  resources: Parameters<typeof countOf>[0] | undefined,
): string {
  const isKnown = sort !== 'undeclared' || resources?.some((one) => one.undeclared !== undefined)
  const amount = resources && isKnown ? countOf(resources, sort) : 0
  return amount > 0 ? `${label} ${amount}` : label
}

function toggled(before: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const after = new Set(before)
  if (!after.delete(key)) after.add(key)
  return after
}

function Heading({ group, isOpen, onToggle }: { group: FieldGroup; isOpen: boolean; onToggle(): void }) {
  const t = useChangeTexts()
  const search = useSearchState()
  const { diff, address } = group
  const resource = resourceParameter(address)
  const to = { resource, tab: 'changes' }
  return (
    <div className={styles.heading}>
      <StatusMark
        status={diff.verdict === 'unknown' ? 'Unknown' : diff.verdict === 'synced' ? 'Synced' : 'OutOfSync'}
      />
      <span className={styles.kind}>{diff.kind}</span>
      <a
        className={styles.name}
        href={`?${changed(new URLSearchParams(window.location.search), to)}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          search.set(to)
        }}
      >
        {diff.namespace && <span className={styles.namespace}>{diff.namespace}/</span>}
        {diff.name}
      </a>
      <Button
        kind="quiet"
        className={styles.toggle}
        aria-expanded={isOpen}
        aria-label={isOpen ? t.hideYaml(diff.name) : t.showYaml(diff.name)}
        icon={<ChevronRight className={classes(styles.chevron, isOpen && styles.open)} />}
        onClick={onToggle}
      >
        {t.yaml}
      </Button>
    </div>
  )
}

/** How one object deviates from what is declared: fields first, then YAML. */
import { failureText } from '../../../lib/api.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { comparisonVersion, useManagedResources } from '../queries/managed-resources.ts'
import { addressOf, addressText } from '../queries/object-address.ts'
import type { TabProps } from '../resource-panel.tsx'
import { fieldSorts, isWhole, rowsOf } from './field-rows.ts'
import { FieldTable } from './field-table.tsx'
import styles from './object-changes.module.css'
import { ResourceYaml } from './resource-yaml.tsx'
import { useChangeTexts } from './texts.ts'

export default function ObjectChanges({ application, address, node }: TabProps) {
  const t = useChangeTexts()
  const version = `${comparisonVersion(application)}|${node?.resourceVersion}`
  const { resources, error } = useManagedResources(application, { address, undeclared: true, version })
  const diff = resources?.[0]
  if (error) {
    return (
      <Notice tone="bad" title={t.comparedFailed}>
        {failureText(error)}
      </Notice>
    )
  }
  if (!resources) return <Skeleton rows={6} />
  if (!diff) return <Empty title={t.none.drift}>{t.noneText.drift}</Empty>
  const key = addressText(addressOf(diff))
  const isAsDeclared = diff.drift.length === 0 && !isWhole(diff)
  return (
    <div className={styles.changes}>
      {isAsDeclared && (
        <Notice tone="good" title={t.none.drift}>
          {t.noneText.drift}
        </Notice>
      )}
      {fieldSorts.map((sort) => {
        const rows = rowsOf(diff, sort)
        const tellsVerdict = sort === 'drift' && isWhole(diff)
        if (rows.length === 0 && !tellsVerdict) return null
        return (
          <section key={sort} aria-label={t.sorts[sort]}>
            <h3 className={styles.heading}>{t.sorts[sort]}</h3>
            <p className={styles.lead}>{t.leads[sort]}</p>
            <FieldTable
              label={t.sorts[sort]}
              groups={[{ address, key, diff: tellsVerdict ? diff : { ...diff, verdict: 'changed' }, rows }]}
            />
          </section>
        )
      })}
      {!isAsDeclared && (
        <section aria-label={t.yaml}>
          <h3 className={styles.heading}>{t.yaml}</h3>
          <ResourceYaml diff={diff} />
        </section>
      )}
    </div>
  )
}

/** Fields that deviate: what Git says, what the cluster has, who made it so and when. */
import type { ReactNode } from 'react'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Time } from '../../../ui/time.tsx'
import { type FieldGroup, type FieldRow, isWhole, valueText } from './field-rows.ts'
import styles from './field-table.module.css'
import { ignoreRule } from './ignore-rule.ts'
import { useChangeTexts } from './texts.ts'

export interface FieldTableProps {
  label: string
  groups: FieldGroup[]
  /** Above the rows of a resource. */
  heading?(group: FieldGroup): ReactNode
  /** Below them. */
  below?(group: FieldGroup): ReactNode
}

const columns = 6

export function FieldTable({ label, groups, heading, below }: FieldTableProps) {
  const t = useChangeTexts()
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t.path}</th>
          <th scope="col">{t.inGit}</th>
          <th scope="col">{t.inCluster}</th>
          <th scope="col">{t.who}</th>
          <th scope="col">{t.when}</th>
          <td />
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.key}>
          {heading && (
            <tr>
              <th className={styles.group} scope="rowgroup" colSpan={columns}>
                {heading(group)}
              </th>
            </tr>
          )}
          {isWhole(group.diff) && (
            <tr>
              <td className={styles.verdict} colSpan={columns}>
                <VerdictWords group={group} />
              </td>
            </tr>
          )}
          {group.rows.map((row) => (
            <Row key={row.path} row={row} group={group} />
          ))}
          <Below>{below?.(group)}</Below>
        </tbody>
      ))}
    </table>
  )
}

function Below({ children }: { children: ReactNode }) {
  if (!children) return null
  return (
    <tr>
      <td className={styles.below} colSpan={columns}>
        {children}
      </td>
    </tr>
  )
}

function VerdictWords({ group: { diff } }: { group: FieldGroup }) {
  const { verdicts } = useChangeTexts()
  const { verdict, message = '' } = diff
  if (verdict === 'missing' || verdict === 'extra') return verdicts[verdict]
  return verdict === 'refused' ? verdicts.refused(message) : verdicts.unknown(message)
}

function Row({ row, group }: { row: FieldRow; group: FieldGroup }) {
  const t = useChangeTexts()
  const { sort, path, author, ignoredBy } = row
  const { address, diff } = group
  return (
    <tr>
      <td className={styles.path}>
        <Path path={path} />
        {ignoredBy && (
          <div className={styles.rule}>
            {t.ignoredBy} {ignoredBy.origin}:{' '}
            <code>{ignoredBy.jsonPointer ?? ignoredBy.jqPathExpression ?? ignoredBy.managedFieldsManager}</code>
          </div>
        )}
      </td>
      <td data-label={t.inGit}>
        <Value value={row.desired} none={t.notInGit} look={sort === 'drift' ? styles.git : undefined} />
      </td>
      <td data-label={t.inCluster}>
        <Value value={row.live} none={t.absent} look={sort === 'drift' ? styles.cluster : undefined} />
      </td>
      <td data-label={t.who} className={styles.who}>
        {author ? author.manager : <span className={styles.none}>{t.unknownAuthor}</span>}
      </td>
      <td data-label={t.when} className={styles.when}>
        <Time at={author?.time} />
      </td>
      <td className={styles.actions}>
        {sort === 'drift' && <CopyButton label={t.rule(path)} text={ignoreRule(address, path, objectsOf(diff))} />}
      </td>
    </tr>
  )
}

function objectsOf({ liveState, targetState }: FieldGroup['diff']): unknown[] {
  return [JSON.parse(liveState || 'null'), JSON.parse(targetState || 'null')]
}

/** May be broken where a name ends. */
function Path({ path }: { path: string }) {
  const parts = path.match(/\['.*?'\](?=$|[.[])|\[[^\]]*\]|\.?[^.[\]]+/g) ?? [path]
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one path
    <span key={index}>
      {part}
      <wbr />
    </span>
  ))
}

function Value({ value, none, look }: { value: unknown; none: string; look: string | undefined }) {
  if (value === undefined) return <span className={styles.none}>{none}</span>
  const text = valueText(value)
  return (
    <span className={`${styles.value} ${look ?? ''}`} title={text.length > 60 ? text : undefined}>
      {text}
    </span>
  )
}

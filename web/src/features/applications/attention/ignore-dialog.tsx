/** Asks before fields may differ from Git: who has changed them looks after them from now on. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, type ResourceDiff, routes } from '../../../lib/api.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import type { Row } from '../rows/rows.ts'
import styles from './attention-list.module.css'
import { useAttentionTexts } from './attention-texts.ts'
import { type IgnoreRule, ignoreRule } from './ignored-field.ts'

interface IgnoreDialogProps {
  row: Row
  resource: ResourceDiff
  onClose(): void
}

export function IgnoreDialog({ row, resource, onClose }: IgnoreDialogProps) {
  const t = useAttentionTexts()
  const tell = useTell()
  const client = useQueryClient()
  const { name } = row.metadata
  const rule = ignoreRule(resource)
  const yaml = useYaml(rule)
  if (!rule) return null
  return (
    <Confirm
      title={t.ignoreTitle(name)}
      action={t.ignoreAction}
      danger={false}
      run={async () => {
        await ignore(row, rule)
        tell.done(t.ignored(name))
        void client.invalidateQueries({ queryKey: ['applications', 'drift'] })
      }}
      onClose={onClose}
    >
      <p>{t.ignoreText(`${resource.kind} ${resource.name}`)}</p>
      <ul className={styles.fields}>
        {rule.jqPathExpressions?.map((expression) => (
          <li key={expression}>
            <code>{expression}</code>
          </li>
        ))}
      </ul>
      <p>
        {t.ignoreInGit} {yaml && <CopyButton text={yaml} label={t.copyRule} />}
      </p>
    </Confirm>
  )
}

/** As it stands under `ignoreDifferences`; what writes it is loaded when it is needed. */
function useYaml(rule: IgnoreRule | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ['yaml', rule],
    queryFn: async () => (await import('js-yaml')).dump([rule], { lineWidth: -1 }),
    enabled: rule !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data
}

async function ignore({ metadata: { name, namespace } }: Row, rule: IgnoreRule): Promise<void> {
  const where = namespace ? { appNamespace: namespace } : {}
  const { spec } = await api.call(routes.applications.get, { params: { name }, query: where })
  const patch = { spec: { ignoreDifferences: [...(spec.ignoreDifferences ?? []), rule] } }
  await api.call(routes.applications.patch, {
    params: { name },
    body: { name, ...where, patchType: 'merge', patch: JSON.stringify(patch) },
  })
}

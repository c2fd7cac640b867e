/** Which Kind speaks for which group, version and kind. */
import type { Kind } from './kind.ts'
import { pod } from './pod/pod.ts'
import { plainColumns } from './table.ts'
import { deployment } from './workload/deployment.ts'

/** By `group/Kind`; the core group is empty. A version that differs has its own entry `group/version/Kind`. */
const kinds: Record<string, Kind> = {
  '/Pod': pod,
  'apps/Deployment': deployment,
}

const plain: Kind = {}

/** Always a Kind: one without rules for what the table doesn't know. Columns are always there. */
export function kindOf(group: string, version: string, kind: string): Kind & Required<Pick<Kind, 'columns'>> {
  const known = kinds[`${group}/${version}/${kind}`] ?? kinds[`${group}/${kind}`] ?? plain
  return { ...known, columns: known.columns ?? plainColumns }
}

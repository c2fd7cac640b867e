/** Which rights a change of an Application needs. Pure. */
import { deepEqual } from 'fast-equals'
import type { Application, ApplicationSpec } from '../../model/index.ts'
import type { Declared } from './declared.ts'

export interface Right {
  action: string
  /** The project of the object that is asked about. */
  project: string
}

/** Who may only switch automated sync may change nothing else, and who may change everything may be denied just that. */
export const syncPolicyRight = 'update/sync-policy'

/** A move needs rights in both projects: out of the one, and into the other. */
export function rightsToChange({ metadata, spec }: Application, wanted: Declared): Right[] {
  const project = spec.project || 'default'
  const { labels, annotations, finalizers } = metadata
  const switches = !deepEqual(spec.syncPolicy?.automated, wanted.spec.syncPolicy?.automated)
  const rest = { metadata: { labels, annotations, finalizers }, spec: withoutAutomated({ ...spec, project }) }
  const changesRest = !deepEqual(defined(rest), defined({ ...wanted, spec: withoutAutomated(wanted.spec) }))
  const moves = wanted.spec.project !== project
  return [
    ...(changesRest || !switches ? [{ action: 'update', project }] : []),
    ...(switches ? [{ action: syncPolicyRight, project }] : []),
    ...(moves ? ['create', 'update'].map((action) => ({ action, project: wanted.spec.project })) : []),
  ]
}

function withoutAutomated({ syncPolicy, ...spec }: ApplicationSpec): object {
  const { automated: _automated, ...others } = syncPolicy ?? {}
  return { ...spec, syncPolicy: others }
}

/** Absent and empty are the same here. */
function defined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([name, item]) => [name, defined(item)] as const)
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined && !isEmpty(item)))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** GitOps Promoter: a Ready condition of the current spec, and then what the kind is about. */
import type { Health, KubeObject } from '../../model/index.ts'
import { conditionText, listAt, textAt } from '../status-fields.ts'
import type { Rule } from './rule.ts'

interface Promotes {
  /** Names of the condition that counts. */
  ready?: string[]
  /** A condition that is Unknown is waited for. */
  unsureWaits?: boolean
  /** What decides when it is ready. */
  whenReady?(object: KubeObject): Health
}

export function promotes({ ready = ['Ready'], unsureWaits = false, whenReady }: Promotes): Rule {
  return (object) => {
    const found = listAt(object, 'status', 'conditions').find((entry) => ready.includes(textAt(entry, 'type')))
    if (!found) return { status: 'Progressing', message: 'the controller has not reported a state yet' }
    const { generation } = object.metadata
    const { observedGeneration: observed } = found
    if (typeof observed === 'number' && generation !== undefined && observed !== generation) {
      return { status: 'Progressing', message: 'the controller has not yet acted on the latest change' }
    }
    const message = conditionText({ reason: textAt(found, 'reason'), message: textAt(found, 'message') })
    if (found.status === 'False') return { status: 'Degraded', message }
    if (found.status === 'Unknown' && unsureWaits) return { status: 'Progressing', message }
    return whenReady?.(object) ?? { status: 'Healthy' }
  }
}

/** The checks of each environment have passed. */
export function environments(object: KubeObject): Health {
  const all = listAt(object, 'status', 'environments')
  const branches = (fits: (phase: string) => boolean) =>
    all
      .filter((environment) => fits(textAt(environment, 'phase') || 'pending'))
      .map((environment) => textAt(environment, 'branch') || '?')
  const failed = branches((phase) => phase === 'failure')
  if (failed.length > 0) return { status: 'Degraded', message: `failed for ${failed.join(', ')}` }
  const open = branches((phase) => phase !== 'success')
  if (open.length > 0) return { status: 'Progressing', message: `pending for ${open.join(', ')}` }
  return { status: 'Healthy' }
}

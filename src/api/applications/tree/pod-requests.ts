/** How much of a node a Pod takes, as the scheduler counts it. Pure. */
import { milliValue } from '../../../diff/index.ts'
import type { KubeObject } from '../../../model/index.ts'
import { type Fields, fieldAt, listAt } from './fields.ts'

/** In thousandths. */
export interface PodRequests {
  cpu: number
  memory: number
  storage: number
}

const names = ['cpu', 'memory', 'storage'] as const

export function podRequests(pod: KubeObject): PodRequests {
  const of = Object.fromEntries(names.map((name) => [name, requestOf(pod, name)]))
  return of as unknown as PodRequests
}

function requestOf(pod: KubeObject, name: string): number {
  const whole = fieldAt(pod, 'spec', 'resources', 'requests', name)
  const overhead = milliValue(fieldAt(pod, 'spec', 'overhead', name))
  if (whole !== undefined) return milliValue(whole) + overhead
  const asked = (container: Fields) => milliValue(fieldAt(container, 'resources', 'requests', name))
  let sidecars = 0
  let most = 0
  // One after the other, beside the sidecars that have begun before.
  for (const container of listAt(pod, 'spec', 'initContainers')) {
    if (container.restartPolicy === 'Always') sidecars += asked(container)
    else most = Math.max(most, sidecars + asked(container))
  }
  const together = listAt(pod, 'spec', 'containers').reduce((sum, container) => sum + asked(container), sidecars)
  return Math.max(together, most) + overhead
}

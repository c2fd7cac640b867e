/** How much of a node a Pod takes, as the scheduler counts it. Pure. */
import { type Fields, fieldAt, type KubeObject, listAt, milliValue, textAt } from '../model/index.ts'

/** In thousandths. */
export interface PodRequests {
  readonly cpu: number
  readonly memory: number
  readonly storage: number
}

/** What a Pod takes, and where. */
export interface PodLoad extends PodRequests {
  readonly node: string
}

export const takesNothing: PodRequests = { cpu: 0, memory: 0, storage: 0 }

const names = ['cpu', 'memory', 'storage'] as const

/** undefined: it is no Pod, or on no node. */
export function podLoad(object: KubeObject): PodLoad | undefined {
  if (object.kind !== 'Pod' || object.apiVersion !== 'v1') return undefined
  const node = textAt(object, 'spec', 'nodeName')
  if (node === '') return undefined
  // What one has asked for that has ended is free again.
  return { node, ...(hasEnded(object) ? takesNothing : podRequests(object)) }
}

export function hasEnded(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'))
}

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

/** Health of a Pod, with the container and the reason that hold it up. */
import { annotation, type Health, type KubeObject } from '../model/index.ts'
import { conditionOf, conditionText, type Fields, fieldsAt, listAt, numberAt, textAt } from './status-fields.ts'

export function podHealth(pod: KubeObject): Health {
  const always = (textAt(fieldsAt(pod, 'spec'), 'restartPolicy') || 'Always') === 'Always'
  const stuck = always ? stuckContainer(pod) : undefined
  if (stuck) return { status: 'Degraded', message: stuck }
  switch (textAt(fieldsAt(pod, 'status'), 'phase')) {
    case 'Pending':
      return { status: 'Progressing', message: pendingReason(pod) }
    case 'Running':
      return always ? serviceHealth(pod) : taskHealth(pod)
    case 'Succeeded':
      return { status: 'Healthy' }
    case 'Failed':
      return { status: 'Degraded', message: failureReason(pod) }
    default:
      return { status: 'Unknown', message: 'the node has not reported the state of this pod' }
  }
}

/** Init containers first, in the order in which they run. */
function containersOf(pod: KubeObject): Fields[] {
  return [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')]
}

/** A container that waits with one of the reasons that do not pass by themselves. */
function stuckContainer(pod: KubeObject): string | undefined {
  for (const container of containersOf(pod)) {
    const waiting = fieldsAt(container, 'state', 'waiting')
    const reason = textAt(waiting, 'reason')
    if (!/^Err|Error$|BackOff$/.test(reason)) continue
    const exit = terminationText(fieldsAt(container, 'lastState', 'terminated'))
    const text = conditionText({ reason, message: waitingMessage(waiting) })
    return inContainer(pod, container, exit ? `${text} (${exit})` : text)
  }
  return undefined
}

/** Without what names the container and the pod once more: `restarting failed container=web pod=web-x_shop(uid)`. */
function waitingMessage(waiting: Fields): string {
  return textAt(waiting, 'message')
    .replace(/ container=\S+/, ' container')
    .replace(/ pod=\S+/, '')
}

/** The container's name is worth its space only where there is more than one. */
function inContainer(pod: KubeObject, container: Fields, text: string): string {
  return containersOf(pod).length > 1 ? `container ${textAt(container, 'name')}: ${text}` : text
}

function terminationText(terminated: Fields): string {
  const code = terminated.exitCode
  if (typeof code !== 'number') return ''
  const reason = textAt(terminated, 'reason')
  const message = textAt(terminated, 'message').trim()
  const named = reason && reason !== 'Error' && reason !== 'Completed' ? `${reason}, ` : ''
  return `${named}exit code ${code}${message ? `: ${message}` : ''}`
}

function pendingReason(pod: KubeObject): string {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status === 'False') return conditionText(scheduled)
  for (const container of containersOf(pod)) {
    const waiting = fieldsAt(container, 'state', 'waiting')
    const reason = textAt(waiting, 'reason')
    if (!reason || reason === 'PodInitializing') continue
    return inContainer(pod, container, conditionText({ reason, message: textAt(waiting, 'message') }))
  }
  if (textAt(fieldsAt(pod, 'spec'), 'nodeName')) return 'the node is starting the pod'
  return 'waiting to be assigned to a node'
}

/** A pod that shall run for ever. */
function serviceHealth(pod: KubeObject): Health {
  const ready = conditionOf(pod, 'Ready')
  if (ready?.status === 'True') return { status: 'Healthy' }
  for (const container of listAt(pod, 'status', 'containerStatuses')) {
    const exit = terminationText(fieldsAt(container, 'lastState', 'terminated'))
    if (!exit) continue
    const times = numberAt(container, 'restartCount')
    const message = `restarted ${times} ${times === 1 ? 'time' : 'times'}, last with ${exit}; not ready`
    return { status: 'Degraded', message: inContainer(pod, container, message) }
  }
  return { status: 'Progressing', message: ready?.message || 'running, not ready yet' }
}

/** A pod that shall end is not healthy before it has ended, unless its owner says so. */
function taskHealth(pod: KubeObject): Health {
  const annotations = pod.metadata.annotations ?? {}
  const isHook = annotation.hook in annotations || annotation.helmHook in annotations
  if (!isHook && annotations[annotation.ignoreRestartPolicy] === 'true') return { status: 'Healthy' }
  return { status: 'Progressing', message: 'running to completion' }
}

function failureReason(pod: KubeObject): string {
  const status = fieldsAt(pod, 'status')
  const told = conditionText({ reason: textAt(status, 'reason'), message: textAt(status, 'message') })
  if (told) return told
  for (const container of containersOf(pod)) {
    const terminated = fieldsAt(container, 'state', 'terminated')
    if (numberAt(terminated, 'exitCode') !== 0) return inContainer(pod, container, terminationText(terminated))
  }
  return 'the pod failed'
}

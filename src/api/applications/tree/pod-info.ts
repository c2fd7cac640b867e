/** A Pod in one word, and how many of its containers are ready: what `kubectl get pods` shows. Pure. */
import type { InfoItem } from '../../../contract/resource-tree-kinds.ts'
import { hasEnded, podRequests } from '../../../live/index.ts'
import { type Fields, fieldAt, type KubeObject, listAt, textAt } from '../../../model/index.ts'

export function podInfo(pod: KubeObject): InfoItem[] {
  const { reason, ready, restarts } = containersOf(pod)
  const word = finalReason(pod, reason)
  const sidecars = listAt(pod, 'spec', 'initContainers').filter(isSidecar)
  const total = listAt(pod, 'spec', 'containers').length + sidecars.length
  const info: InfoItem[] = word ? [{ name: 'Status Reason', value: word }] : []
  info.push(
    { name: 'Node', value: textAt(pod, 'spec', 'nodeName') },
    { name: 'Containers', value: `${ready}/${total}` },
  )
  if (restarts > 0) info.push({ name: 'Restart Count', value: String(restarts) })
  // What it has asked for is free again.
  if (hasEnded(pod)) return info
  const { cpu, memory } = podRequests(pod)
  return [...info, { name: 'cpu', value: String(cpu) }, { name: 'memory', value: String(memory) }]
}

interface Progress {
  reason: string
  ready: number
  restarts: number
}

function containersOf(pod: KubeObject): Progress {
  const initial = initialisation(pod)
  if (initial.reason !== undefined && !isInitialised(pod)) return { ...initial, reason: initial.reason }
  const before = { ...initial, reason: initial.reason ?? phaseReason(pod) }
  return running(listAt(pod, 'status', 'containerStatuses'), before)
}

function phaseReason(pod: KubeObject): string {
  const gated = listAt(pod, 'status', 'conditions').some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  )
  return gated ? 'SchedulingGated' : textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase')
}

/** `reason`: which container has still to come to its end; undefined when none has. */
function initialisation(pod: KubeObject): Omit<Progress, 'reason'> & { reason?: string } {
  const containers = listAt(pod, 'spec', 'initContainers')
  const sidecars = new Set(containers.filter(isSidecar).map(({ name }) => name))
  let [ready, restarts] = [0, 0]
  for (const [index, status] of listAt(pod, 'status', 'initContainerStatuses').entries()) {
    restarts += countOf(status)
    if (fieldAt(status, 'state', 'terminated', 'exitCode') === 0) continue
    if (sidecars.has(status.name) && status.started === true) {
      if (status.ready === true) ready++
      continue
    }
    const waiting = textAt(status, 'state', 'waiting', 'reason')
    const why = endReason(status) ?? (waiting !== 'PodInitializing' ? waiting : '')
    return { ready, restarts, reason: `Init:${why || `${index}/${containers.length}`}` }
  }
  return { ready, restarts }
}

function running(statuses: Fields[], before: Progress): Progress {
  let { reason, ready, restarts } = before
  let isRunning = false
  for (const status of [...statuses].reverse()) {
    restarts += countOf(status)
    const why = textAt(status, 'state', 'waiting', 'reason') || endReason(status)
    if (why) reason = why
    else if (status.ready === true && fieldAt(status, 'state', 'running') !== undefined) {
      isRunning = true
      ready++
    }
  }
  return { reason: reason === 'Completed' && isRunning ? 'Running' : reason, ready, restarts }
}

/** Why a container has ended; undefined when it has not. */
function endReason(status: Fields): string | undefined {
  const ended = fieldAt(status, 'state', 'terminated') as Fields | undefined
  if (!ended) return undefined
  return textAt(ended, 'reason') || (ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode ?? 0}`)
}

function isInitialised(pod: KubeObject): boolean {
  return listAt(pod, 'status', 'conditions').some(({ type, status }) => type === 'Initialized' && status === 'True')
}

function isSidecar({ restartPolicy }: Fields): boolean {
  return restartPolicy === 'Always'
}

function countOf({ restartCount }: Fields): number {
  return typeof restartCount === 'number' ? restartCount : 0
}

function finalReason(pod: KubeObject, reason: string): string {
  if (!pod.metadata.deletionTimestamp) return reason
  if (textAt(pod, 'status', 'reason') === 'NodeLost') return 'Unknown'
  return hasEnded(pod) ? reason : 'Terminating'
}

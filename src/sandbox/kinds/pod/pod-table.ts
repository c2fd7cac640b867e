/** What `kubectl get pods` shows: one word that tells the state of all containers. */
import type { KubeObject } from '../../object.ts'
import { type Fields, fields, isAbsent, isFields, list, number, text } from '../fields.ts'
import { ageOf } from '../human-duration.ts'
import type { TableColumn } from '../kind.ts'
import { column, columns, orNone, specOf, statusOf } from '../table.ts'

interface Summary {
  reason: string
  ready: number
  total: number
  restarts: number
  lastRestart: string
}

function restartTime(container: Fields): string {
  return text(fields(fields(container.lastState).terminated).finishedAt)
}

function latest(...times: string[]): string {
  return times.sort().at(-1) ?? ''
}

function terminatedReason(terminated: Fields, prefix = ''): string {
  const reason = text(terminated.reason)
  if (reason !== '') return prefix + reason
  const signal = number(terminated.signal) ?? 0
  return signal !== 0 ? `${prefix}Signal:${signal}` : `${prefix}ExitCode:${number(terminated.exitCode) ?? 0}`
}

/** The reason of the first init container that isn't done, if any; counts the restarts of those passed. */
function initReason(object: KubeObject, summary: Summary): string | undefined {
  const inits = list(specOf(object).initContainers)
  const sidecars = new Set(
    inits.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => text(name)),
  )
  for (const [index, container] of list(statusOf(object).initContainerStatuses).entries()) {
    summary.restarts += number(container.restartCount) ?? 0
    summary.lastRestart = latest(summary.lastRestart, restartTime(container))
    const { terminated, waiting } = fields(container.state)
    if (isFields(terminated) && (number(terminated.exitCode) ?? 0) === 0) continue
    if (sidecars.has(text(container.name)) && container.started === true) {
      if (container.ready === true) summary.ready += 1
      continue
    }
    if (isFields(terminated)) return terminatedReason(terminated, 'Init:')
    const why = text(fields(waiting).reason)
    return why !== '' && why !== 'PodInitializing' ? `Init:${why}` : `Init:${index}/${inits.length}`
  }
  return undefined
}

function containerReasons(object: KubeObject, summary: Summary): void {
  let running = false
  for (const container of list(statusOf(object).containerStatuses).reverse()) {
    summary.restarts += number(container.restartCount) ?? 0
    summary.lastRestart = latest(summary.lastRestart, restartTime(container))
    const { waiting, terminated, running: runs } = fields(container.state)
    const why = text(fields(waiting).reason)
    if (why !== '') summary.reason = why
    else if (isFields(terminated)) summary.reason = terminatedReason(terminated)
    else if (container.ready === true && isFields(runs)) {
      running = true
      summary.ready += 1
    }
  }
  if (summary.reason === 'Completed' && running) {
    summary.reason = hasCondition(object, 'Ready') ? 'Running' : 'NotReady'
  }
}

function hasCondition(object: KubeObject, type: string): boolean {
  return list(statusOf(object).conditions).some((condition) => condition.type === type && condition.status === 'True')
}

function summarize(object: KubeObject): Summary {
  const status = statusOf(object)
  const spec = specOf(object)
  const sidecars = list(spec.initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always')
  const summary: Summary = {
    reason: text(status.reason) || text(status.phase),
    ready: 0,
    total: list(spec.containers).length + sidecars.length,
    restarts: 0,
    lastRestart: '',
  }
  const gated = list(status.conditions).find(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  )
  if (gated) summary.reason = 'SchedulingGated'
  const initializing = initReason(object, summary)
  if (initializing !== undefined && !hasCondition(object, 'Initialized')) summary.reason = initializing
  else containerReasons(object, summary)
  if (object.metadata.deletionTimestamp !== undefined) {
    if (status.reason === 'NodeLost') summary.reason = 'Unknown'
    else if (!['Failed', 'Succeeded'].includes(text(status.phase))) summary.reason = 'Terminating'
  }
  return summary
}

function restartsCell(object: KubeObject, now: Date): string {
  const { restarts, lastRestart } = summarize(object)
  return restarts > 0 && lastRestart !== '' ? `${restarts} (${ageOf(lastRestart, now)} ago)` : `${restarts}`
}

function gatesCell(object: KubeObject): string {
  const gates = list(specOf(object).readinessGates)
  if (gates.length === 0) return '<none>'
  return `${gates.filter(({ conditionType }) => hasCondition(object, text(conditionType))).length}/${gates.length}`
}

function addressCell(object: KubeObject): string {
  const [first] = list(statusOf(object).podIPs)
  return orNone(text(first?.ip) || text(statusOf(object).podIP))
}

const about = {
  ready: 'The aggregate readiness state of this pod for accepting traffic.',
  status: 'The aggregate status of the containers in this pod.',
  restarts:
    'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
  ip: 'podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.',
  node: 'NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled on a specific node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename',
  nominated:
    'nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.',
  gates:
    'If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions specified in the readiness gates have status equal to "True" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates',
}

function readyCell(object: KubeObject): string {
  const { ready, total } = summarize(object)
  return `${ready}/${total}`
}

export const podColumns: TableColumn[] = columns(
  column('Ready', readyCell, { description: about.ready }),
  column('Status', (object) => summarize(object).reason, { description: about.status }),
  column('Restarts', restartsCell, { description: about.restarts }),
  column('IP', addressCell, { wide: true, description: about.ip }),
  column('Node', (object) => orNone(text(specOf(object).nodeName)), { wide: true, description: about.node }),
  column('Nominated Node', (object) => orNone(text(statusOf(object).nominatedNodeName)), {
    wide: true,
    description: about.nominated,
  }),
  column('Readiness Gates', gatesCell, { wide: true, description: about.gates }),
)

export function isTerminal(object: KubeObject): boolean {
  return ['Failed', 'Succeeded'].includes(text(statusOf(object).phase))
}

export function isScheduled(object: KubeObject): boolean {
  const node = specOf(object).nodeName
  return !isAbsent(node) && node !== ''
}

/** The status of a pod, put together from those of its containers, as the kubelet does. */
import { timestamp } from '../controllers/clock.ts'
import { conditionOf } from '../controllers/pod-state.ts'
import type { Condition, ContainerStatus, Pod, PodSpec, PodStatus } from '../controllers/workload.ts'

export interface ContainerReport {
  init: ContainerStatus[]
  main: ContainerStatus[]
}

function exitCode(status: ContainerStatus): number | undefined {
  return status.state.terminated?.exitCode
}

function isDone(status: ContainerStatus, spec: PodSpec): boolean {
  const isSidecar = spec.initContainers?.find(({ name }) => name === status.name)?.restartPolicy === 'Always'
  return exitCode(status) === 0 || Boolean(isSidecar && status.started)
}

/** As kubelet's getPhase: a container that died and waits for its restart still counts as running. */
function phaseOf({ init, main }: ContainerReport, spec: PodSpec): string {
  const once = spec.restartPolicy === 'Never'
  const initFailed = init.some((status) => (exitCode(status) ?? 0) !== 0)
  if (initFailed && once) return 'Failed'
  if (!init.every((status) => isDone(status, spec))) return 'Pending'
  if (main.some(({ state, lastState }) => state.waiting && !lastState.terminated)) return 'Pending'
  if (main.some(({ state }) => state.running || state.waiting)) return 'Running'
  return main.every((status) => exitCode(status) === 0) ? 'Succeeded' : 'Failed'
}

interface Judgement {
  type: string
  fault?: { reason: string; message?: string }
}

function unready(statuses: ContainerStatus[], word: string): string {
  return `containers with ${word} status: [${statuses.map(({ name }) => name).join(' ')}]`
}

function readiness({ main }: ContainerReport, phase: string): Judgement['fault'] {
  if (phase === 'Succeeded') return { reason: 'PodCompleted' }
  if (phase === 'Failed') return { reason: 'PodFailed' }
  const bad = main.filter(({ ready }) => !ready)
  return bad.length > 0 ? { reason: 'ContainersNotReady', message: unready(bad, 'unready') } : undefined
}

function judgements(report: ContainerReport, phase: string, spec: PodSpec): Judgement[] {
  const incomplete = report.init.filter((status) => !isDone(status, spec))
  const uninitialized = { reason: 'ContainersNotInitialized', message: unready(incomplete, 'incomplete') }
  const ready = readiness(report, phase)
  return [
    { type: 'PodReadyToStartContainers' },
    { type: 'Initialized', fault: incomplete.length > 0 ? uninitialized : undefined },
    { type: 'Ready', fault: ready },
    { type: 'ContainersReady', fault: ready },
    { type: 'PodScheduled' },
  ]
}

function condition({ type, fault }: Judgement, old: Condition | undefined, now: number): Condition {
  const status = fault ? 'False' : 'True'
  const since = old?.status === status ? old.lastTransitionTime : timestamp(now)
  return { type, status, lastProbeTime: null, lastTransitionTime: since, ...fault }
}

export interface Addresses {
  podIP: string
  hostIP: string
}

/** `addresses` are given once, when the pod starts. */
export function podStatus(
  pod: Pod,
  report: ContainerReport,
  { now, addresses }: { now: number; addresses?: Addresses },
): PodStatus {
  const old = pod.status ?? {}
  const phase = phaseOf(report, pod.spec)
  return {
    ...old,
    phase,
    observedGeneration: pod.metadata.generation,
    conditions: judgements(report, phase, pod.spec).map((judgement) =>
      condition(judgement, conditionOf(old.conditions, judgement.type), now),
    ),
    ...(addresses && {
      hostIP: addresses.hostIP,
      hostIPs: [{ ip: addresses.hostIP }],
      podIP: addresses.podIP,
      podIPs: [{ ip: addresses.podIP }],
      startTime: timestamp(now),
    }),
    ...(report.init.length > 0 && { initContainerStatuses: report.init }),
    containerStatuses: report.main,
  }
}

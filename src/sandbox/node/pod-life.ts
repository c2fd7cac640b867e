/** The life of a pod on its node: which containers start, end, or start again, and when to look next. */
import { timestamp } from '../controllers/clock.ts'
import type { Container, ContainerStatus, Pod } from '../controllers/workload.ts'
import { crashLooping, ended, type Moment, running, unpullable, waiting } from './container-status.ts'
import { type Behaviour, backOffSeconds, behaviourOf } from './image-behaviour.ts'
import type { ContainerReport } from './pod-status.ts'

function died(container: Container, moment: Moment, restarts: number): ContainerStatus {
  const { pod, now } = moment
  if (pod.spec.restartPolicy !== 'Never') return crashLooping(container, moment, restarts + 1)
  const startedAt = timestamp(now)
  return ended(container, moment, { exitCode: 1, startedAt, restarts })
}

/** What becomes of each behaviour when the container starts. */
const starts: Record<Behaviour, (container: Container, moment: Moment) => ContainerStatus> = {
  runs: running,
  completes: running,
  fails: running,
  crashes: (container, moment) => died(container, moment, 0),
  'never-pulls': unpullable,
}

/** Init containers end as soon as they start; nobody waits for them. */
const initStarts: Record<Behaviour, (container: Container, moment: Moment) => ContainerStatus> = {
  ...starts,
  completes(container, moment) {
    const startedAt = timestamp(moment.now)
    return ended(container, moment, { exitCode: 0, startedAt, isReady: true })
  },
  fails: (container, moment) => died(container, moment, 0),
}

function startInit(moment: Moment): { statuses: ContainerStatus[]; done: boolean } {
  const statuses: ContainerStatus[] = []
  let done = true
  for (const container of moment.pod.spec.initContainers ?? []) {
    const status: ContainerStatus = done
      ? initStarts[behaviourOf(container, moment.pod.spec, true)](container, moment)
      : waiting(container, 'PodInitializing')
    statuses.push(status)
    done &&= status.state.running !== undefined || status.state.terminated?.exitCode === 0
  }
  return { statuses, done }
}

/** The containers of a pod that its node has just taken up. */
export function startPod(moment: Moment): ContainerReport {
  const { statuses, done } = startInit(moment)
  const { spec } = moment.pod
  const main = spec.containers.map((container) =>
    done ? starts[behaviourOf(container, spec)](container, moment) : waiting(container, 'PodInitializing'),
  )
  return { init: statuses, main }
}

/** The containers while images are being pulled. */
export function creatingPod({ spec }: Pod): ContainerReport {
  const init = spec.initContainers ?? []
  const reason = init.length > 0 ? 'PodInitializing' : 'ContainerCreating'
  return {
    init: init.map((container) => waiting(container, reason)),
    main: spec.containers.map((container) => waiting(container, reason)),
  }
}

/** Milliseconds until a crashed container is started again; undefined when it is not waiting for that. */
function untilRestart(status: ContainerStatus, now: number): number | undefined {
  const finished = status.lastState?.terminated?.finishedAt
  if (status.state.waiting?.reason !== 'CrashLoopBackOff' || !finished) return undefined
  return Math.max(0, Date.parse(finished) + backOffSeconds(status.restartCount) * 1000 - now)
}

interface Run extends Moment {
  /** True when containers that end by themselves have run long enough. */
  isOver: boolean
}

function advanceContainer(container: Container, status: ContainerStatus, run: Run): ContainerStatus {
  if (untilRestart(status, run.now) === 0) return crashLooping(container, run, status.restartCount + 1)
  const startedAt = status.state.running?.startedAt
  if (startedAt === undefined || !run.isOver) return status
  const behaviour = behaviourOf(container, run.pod.spec)
  if (behaviour === 'completes') return ended(container, run, { exitCode: 0, startedAt })
  return behaviour === 'fails' ? died(container, run, status.restartCount) : status
}

function advanceAll(containers: Container[], statuses: ContainerStatus[], run: Run): ContainerStatus[] {
  return containers.map((container) => {
    const status = statuses.find(({ name }) => name === container.name)
    return status && status.image === container.image
      ? advanceContainer(container, status, run)
      : starts[behaviourOf(container, run.pod.spec)](container, run)
  })
}

/** Sidecars end after the last main container has. */
function endSidecars(statuses: ContainerStatus[], run: Run): ContainerStatus[] {
  const byName = new Map(run.pod.spec.initContainers?.map((container) => [container.name, container]))
  return statuses.map((status) => {
    const container = byName.get(status.name)
    const startedAt = status.state.running?.startedAt
    return container && startedAt !== undefined ? ended(container, run, { exitCode: 0, startedAt }) : status
  })
}

/** The containers of a started pod as they are now; the same report when nothing has happened. */
export function advancePod(report: ContainerReport, run: Run): ContainerReport {
  const { initContainers = [], containers } = run.pod.spec
  const stuck = report.init.find(({ state }) => state.waiting)
  if (stuck) {
    const again = untilRestart(stuck, run.now) === 0
    const container = initContainers.find(({ name }) => name === stuck.name)
    if (container && container.image !== stuck.image) return startPod(run)
    if (!again || !container) return report
    const next = crashLooping(container, run, stuck.restartCount + 1)
    return { ...report, init: report.init.map((status) => (status === stuck ? next : status)) }
  }
  const main = advanceAll(containers, report.main, run)
  if (main.every((status, index) => status === report.main[index])) return report
  const isOver = main.every(({ state }) => state.terminated)
  return { init: isOver ? endSidecars(report.init, run) : report.init, main }
}

/** Milliseconds until the next restart of a crashed container. */
export function untilNextRestart({ init, main }: ContainerReport, now: number): number | undefined {
  const waits = [...init, ...main].map((status) => untilRestart(status, now)).filter((wait) => wait !== undefined)
  return waits.length > 0 ? Math.min(...waits) : undefined
}

/** True when a running container of the pod will end by itself. */
export function willEnd(pod: Pod, { main }: ContainerReport): boolean {
  return pod.spec.containers.some((container) => {
    const isRunning = main.find(({ name }) => name === container.name)?.state.running !== undefined
    return isRunning && ['completes', 'fails'].includes(behaviourOf(container, pod.spec))
  })
}

/** The containers of a pod that was told to go: ended by the signal. */
export function stopPod(report: ContainerReport, moment: Moment): ContainerReport {
  const { containers, initContainers = [] } = moment.pod.spec
  const stop = (all: Container[]) => (status: ContainerStatus) => {
    const container = all.find(({ name }) => name === status.name)
    if (!container || status.state.terminated) return status
    const startedAt = status.state.running?.startedAt ?? timestamp(moment.now)
    return ended(container, moment, { exitCode: 143, startedAt, restarts: status.restartCount })
  }
  return { init: report.init.map(stop(initContainers)), main: report.main.map(stop(containers)) }
}

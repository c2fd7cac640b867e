/** The kubelets of the sandbox's nodes: pods bound to them start, run, end, restart and go away. */
import { deepEqual } from 'fast-equals'
import { type ControllerContext, referenceTo } from '../controllers/context.ts'
import { keyOf, splitKey } from '../controllers/informer.ts'
import { isFinished } from '../controllers/pod-state.ts'
import type { Pod } from '../controllers/workload.ts'
import { containerEvents } from './container-events.ts'
import { podAddresses } from './pod-addresses.ts'
import { advancePod, creatingPod, startPod, stopPod, untilNextRestart, willEnd } from './pod-life.ts'
import { type Addresses, type ContainerReport, podStatus } from './pod-status.ts'

export interface KubeletOptions {
  /** Internal addresses by node name: these are the nodes whose pods are played. */
  nodes: ReadonlyMap<string, string>
  /** How long a pod takes to start, and a container that ends by itself to end, in milliseconds. */
  delayMs: number
}

/** Pods begin their stages in step, so that those of one workload become ready together. */
const stepMs = 50

/** Delays shorter than this show nobody that containers are being created, so no write is spent on it. */
const visibleMs = 1000

function reportOf({ status }: Pod): ContainerReport {
  return { init: status?.initContainerStatuses ?? [], main: status?.containerStatuses ?? [] }
}

class Kubelet {
  readonly #context: ControllerContext
  readonly #client
  readonly #options: KubeletOptions
  readonly #nextAddress: () => string
  /** By pod uid, when the present stage of its life began: since bound, started, or told to go. */
  readonly #since = new Map<string, { stage: string; at: number }>()

  constructor(context: ControllerContext, options: KubeletOptions) {
    this.#context = context
    this.#client = context.client.as('kubelet')
    this.#options = options
    this.#nextAddress = podAddresses(context.informers.pods)
  }

  forget(pod: Pod): void {
    this.#since.delete(pod.metadata.uid ?? '')
  }

  /** Returns in how many milliseconds to look again; undefined when only a change will matter. */
  look(pod: Pod): number | undefined {
    if (pod.metadata.deletionTimestamp) return this.#stop(pod)
    if (isFinished(pod)) return undefined
    return pod.status?.startTime && pod.status.podIP ? this.#advance(pod) : this.#start(pod)
  }

  #left(pod: Pod, stage: string, lasts: number): number {
    const uid = pod.metadata.uid ?? ''
    const now = this.#context.clock.now()
    const known = this.#since.get(uid)
    if (known?.stage === stage) return known.at + lasts - now
    const at = Math.ceil(now / stepMs) * stepMs
    this.#since.set(uid, { stage, at })
    return at + lasts - now
  }

  #start(pod: Pod): number | undefined {
    const left = this.#left(pod, 'bound', this.#options.delayMs)
    if (left > 0) {
      const isNew = (pod.status?.containerStatuses ?? []).length === 0
      if (isNew && this.#options.delayMs >= visibleMs) this.#report(pod, creatingPod(pod))
      return left
    }
    const hostIP = this.#options.nodes.get(pod.spec.nodeName ?? '') ?? ''
    const podIP = pod.spec.hostNetwork ? hostIP : this.#nextAddress()
    this.#report(pod, startPod({ pod, now: this.#context.clock.now() }), { podIP, hostIP })
    return undefined
  }

  #advance(pod: Pod): number | undefined {
    const now = this.#context.clock.now()
    const report = reportOf(pod)
    const left = willEnd(pod, report) ? this.#left(pod, 'started', this.#options.delayMs) : undefined
    const next = advancePod(report, { pod, now, isOver: left !== undefined && left <= 0 })
    if (next !== report) this.#report(pod, next)
    if (left !== undefined && left > 0) return left
    return untilNextRestart(next, now)
  }

  #stop(pod: Pod): number | undefined {
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000
    const known = this.#since.get(pod.metadata.uid ?? '')?.stage
    const left = grace === 0 ? 0 : this.#left(pod, 'stopping', Math.min(grace, this.#options.delayMs))
    if (known !== 'stopping') this.#tellOfEnd(pod)
    if (left > 0) return left
    // What waits for the end of a pod by a finalizer must be able to see how it ended
    const isHeld = (pod.metadata.finalizers ?? []).length > 0
    const ended = isHeld && !isFinished(pod) ? this.#report(pod, this.#ended(pod)) : pod
    if (grace > 0)
      this.#client.delete(referenceTo(this.#context.informers.pods.resource, ended), { gracePeriodSeconds: 0 })
    return undefined
  }

  #ended(pod: Pod): ContainerReport {
    const report = reportOf(pod)
    const begun = report.main.length > 0 ? report : creatingPod(pod)
    return stopPod(begun, { pod, now: this.#context.clock.now() })
  }

  #tellOfEnd(pod: Pod): void {
    for (const { name, state } of pod.status?.containerStatuses ?? []) {
      if (!state.running) continue
      const fieldPath = `spec.containers{${name}}`
      this.#tell(pod, { reason: 'Killing', message: `Stopping container ${name}`, fieldPath })
    }
  }

  #tell(pod: Pod, text: { reason: string; message: string; fieldPath?: string }): void {
    this.#context.events.record('kubelet', pod, { ...text, host: pod.spec.nodeName })
  }

  #report(pod: Pod, report: ContainerReport, addresses?: Addresses): Pod {
    const { clock, informers } = this.#context
    const status = podStatus(pod, report, { now: clock.now(), addresses })
    if (deepEqual(status, pod.status)) return pod
    const stored = this.#client.updateStatus(informers.pods.resource, { ...pod, status })
    const old = reportOf(pod)
    const texts = [
      ...containerEvents(pod, 'spec.initContainers', { now: report.init, old: old.init }),
      ...containerEvents(pod, 'spec.containers', { now: report.main, old: old.main }),
    ]
    for (const text of texts) this.#tell(pod, text)
    return stored as Pod
  }
}

export function startKubelets(context: ControllerContext, options: KubeletOptions): void {
  const { pods } = context.informers
  const kubelet = new Kubelet(context, options)
  const queue = context.queues.queue((key) => {
    const pod = pods.get(...splitKey(key))
    const wait = pod && kubelet.look(pod)
    if (wait !== undefined) queue.addAfter(key, wait)
  })
  pods.onChange((now, old) => {
    const pod = now ?? old
    if (!pod?.spec.nodeName || !options.nodes.has(pod.spec.nodeName)) return
    if (now) queue.add(keyOf(now))
    else kubelet.forget(pod)
  })
}

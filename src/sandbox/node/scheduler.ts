/** The scheduler: binds each pending pod to the node that fits and has the fewest. */
import { timestamp } from '../controllers/clock.ts'
import { type ControllerContext, referenceTo } from '../controllers/context.ts'
import { keyOf, splitKey } from '../controllers/informer.ts'
import { conditionOf, isFinished } from '../controllers/pod-state.ts'
import type { Node, Pod } from '../controllers/workload.ts'
import { misfit, unschedulableMessage } from './node-fit.ts'

const component = 'default-scheduler'

/** How many pods each node has, kept by the watch. */
function countByNode({ informers: { pods } }: ControllerContext): Map<string, number> {
  const counts = new Map<string, number>()
  const change = (pod: Pod | undefined, by: number) => {
    const node = pod?.spec.nodeName
    if (node) counts.set(node, (counts.get(node) ?? 0) + by)
  }
  pods.onChange((now, old) => {
    change(old, -1)
    change(now, 1)
  })
  return counts
}

class Scheduler {
  readonly #context: ControllerContext
  readonly #client
  readonly #counts: Map<string, number>
  /** Pods that fitted nowhere, to be tried again when nodes or claims change. */
  readonly unschedulable = new Set<string>()

  constructor(context: ControllerContext) {
    this.#context = context
    this.#client = context.client.as('kube-scheduler')
    this.#counts = countByNode(context)
  }

  schedule(pod: Pod): void {
    const fault = this.#claimFault(pod)
    const nodes = [...this.#context.informers.nodes.all()]
    const fitting = fault ? [] : nodes.filter((node) => misfit(pod, node) === undefined)
    const node = fitting.reduce<Node | undefined>((best, next) => this.#emptier(best, next), undefined)
    if (node) this.#bind(pod, node)
    else this.#refuse(pod, fault ?? unschedulableMessage(nodes.map((candidate) => misfit(pod, candidate) ?? '')))
  }

  #emptier(best: Node | undefined, next: Node): Node {
    const count = (node: Node) => this.#counts.get(node.metadata.name ?? '') ?? 0
    return best && count(best) <= count(next) ? best : next
  }

  #bind(pod: Pod, node: Node): void {
    const nodeName = node.metadata.name ?? ''
    this.#client.bind(referenceTo(this.#context.informers.pods.resource, pod), nodeName)
    this.unschedulable.delete(keyOf(pod))
    const message = `Successfully assigned ${keyOf(pod)} to ${nodeName}`
    this.#context.events.record(component, pod, { reason: 'Scheduled', message })
  }

  #refuse(pod: Pod, message: string): void {
    this.unschedulable.add(keyOf(pod))
    const old = conditionOf(pod.status?.conditions, 'PodScheduled')
    if (old?.status === 'False' && old.message === message) return
    const now = timestamp(this.#context.clock.now())
    const scheduled = {
      type: 'PodScheduled',
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime: old?.lastTransitionTime ?? now,
      reason: 'Unschedulable',
      message,
    }
    const others = pod.status?.conditions?.filter(({ type }) => type !== 'PodScheduled') ?? []
    const status = { ...pod.status, conditions: [...others, scheduled] }
    this.#client.updateStatus(this.#context.informers.pods.resource, { ...pod, status })
    this.#context.events.record(component, pod, { type: 'Warning', reason: 'FailedScheduling', message })
  }

  /** A pod waits for the claims it mounts; those that bind on first use are bound when it comes. */
  #claimFault(pod: Pod): string | undefined {
    const { claims } = this.#context.informers
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (!persistentVolumeClaim) continue
      const claim = claims.get(pod.metadata.namespace, persistentVolumeClaim.claimName)
      if (!claim) return `persistentvolumeclaim "${persistentVolumeClaim.claimName}" not found`
      if (!(claim.spec as { volumeName?: string }).volumeName) return 'pod has unbound immediate PersistentVolumeClaims'
    }
    return undefined
  }
}

function isWaiting(pod: Pod): boolean {
  const gated = (pod.spec.schedulingGates ?? []).length > 0
  return !pod.spec.nodeName && !gated && !pod.metadata.deletionTimestamp && !isFinished(pod)
}

export function startScheduler(context: ControllerContext): void {
  const { pods, nodes, claims } = context.informers
  const scheduler = new Scheduler(context)
  const queue = context.queues.queue((key) => {
    const pod = pods.get(...splitKey(key))
    if (pod && isWaiting(pod)) scheduler.schedule(pod)
  })
  pods.onChange((now, old) => {
    if (now && isWaiting(now)) queue.add(keyOf(now))
    else if (old) scheduler.unschedulable.delete(keyOf(old))
  })
  const tryAgain = () => {
    for (const key of scheduler.unschedulable) queue.add(key)
  }
  nodes.onChange(tryAgain)
  claims.onChange(tryAgain)
}

/** Starts every controller of the sandbox, and its nodes. */
import { startKubelets } from '../node/kubelet.ts'
import { registerNodes } from '../node/nodes.ts'
import { startScheduler } from '../node/scheduler.ts'
import { startStorage } from './claim-binding.ts'
import { type Clock, systemClock } from './clock.ts'
import { type ControllerContext, startInformers } from './context.ts'
import type { Controller, ControllerClient } from './controller.ts'
import { startCronJobs } from './cron-job.ts'
import { startDaemonSets } from './daemon-set.ts'
import { startDeployments } from './deployment.ts'
import { startDisruptionBudgets } from './disruption-budget.ts'
import { startEndpointSlices } from './endpoint-slices.ts'
import { startEndpoints } from './endpoints.ts'
import { type EventLimits, eventRecorder } from './event-recorder.ts'
import { startAutoscalers } from './horizontal-autoscaler.ts'
import { startJobs } from './job.ts'
import { startLoadBalancers } from './load-balancer.ts'
import { startNamespaceContent } from './namespace-content.ts'
import { startReplicaSets } from './replica-set.ts'
import { startStatefulSets } from './stateful-set.ts'
import { workQueues } from './work-queue.ts'

export interface ControllerOptions {
  clock?: Clock
  /** How many nodes there are; with 0 nobody schedules or runs pods. Default 2. */
  nodes?: number
  /** How long a pod takes to become ready, in milliseconds. Default 200. */
  podDelayMs?: number
  /** The pause after a Job's first failed pod, in milliseconds; doubles with each further one. Default 10 s. */
  jobBackOffMs?: number
  /**
   * Whether there is a cloud around the cluster: load balancers with addresses, a default storage class, metrics for
   * autoscalers. Default: when there are nodes.
   */
  cloud?: boolean
  /** PEM, put into kube-root-ca.crt of every namespace. */
  caCertificate?: string
  events?: Partial<EventLimits>
}

/** Starts what it is named for; returns what ends its own watches, if it has any. */
type Start = (context: ControllerContext, options: Required<Omit<ControllerOptions, 'clock' | 'events'>>) => unknown

const controllers: Start[] = [
  (context, { caCertificate }) => startNamespaceContent(context, caCertificate),
  startReplicaSets,
  startDeployments,
  startStatefulSets,
  startDaemonSets,
  startJobs,
  startCronJobs,
  startEndpoints,
  startEndpointSlices,
  startDisruptionBudgets,
  (context, { cloud }) => startStorage(context, cloud),
  (context, { cloud }) => startAutoscalers(context, cloud),
  (context, { cloud }) => (cloud ? startLoadBalancers(context) : undefined),
  (context, { nodes, podDelayMs }) => {
    if (nodes === 0) return
    startKubelets(context, { nodes: registerNodes(context, nodes), delayMs: podDelayMs })
    startScheduler(context)
  },
]

export function startControllers(client: ControllerClient, options: ControllerOptions = {}): Controller {
  const { clock = systemClock, nodes = 2, podDelayMs = 200, jobBackOffMs = 10_000, caCertificate = '' } = options
  const settings = { nodes, podDelayMs, jobBackOffMs, caCertificate, cloud: options.cloud ?? nodes > 0 }
  const manager = client.as('kube-controller-manager')
  const queues = workQueues(clock)
  const events = eventRecorder(manager, clock, options.events)
  const informers = startInformers(manager)
  const context = { client: manager, clock, queues, events, informers }
  const stops = controllers.map((start) => start(context, settings))
  return {
    stop() {
      queues.stop()
      events.stop()
      for (const informer of Object.values(informers)) informer.stop()
      for (const stop of stops) if (typeof stop === 'function') stop()
    },
  }
}

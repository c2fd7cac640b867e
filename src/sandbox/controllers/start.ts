/** Starts every controller of the sandbox, and its nodes. */
import { startKubelets } from '../node/kubelet.ts'
import { registerNodes } from '../node/nodes.ts'
import { startScheduler } from '../node/scheduler.ts'
import { type Clock, systemClock } from './clock.ts'
import { type ControllerContext, startInformers } from './context.ts'
import type { Controller, ControllerClient } from './controller.ts'
import { startDeployments } from './deployment.ts'
import { type EventLimits, eventRecorder } from './event-recorder.ts'
import { startJobs } from './job.ts'
import { startReplicaSets } from './replica-set.ts'
import { workQueues } from './work-queue.ts'

export interface ControllerOptions {
  clock?: Clock
  /** How many nodes there are; with 0 nobody schedules or runs pods. Default 2. */
  nodes?: number
  /** How long a pod takes to become ready, in milliseconds. Default 200. */
  podDelayMs?: number
  /** The pause after a Job's first failed pod, in milliseconds; doubles with each further one. Default 10 s. */
  jobBackOffMs?: number
  events?: Partial<EventLimits>
}

const controllers: ((context: ControllerContext) => void)[] = [startReplicaSets, startDeployments]

export function startControllers(client: ControllerClient, options: ControllerOptions = {}): Controller {
  const { clock = systemClock, nodes = 2, podDelayMs = 200 } = options
  const manager = client.as('kube-controller-manager')
  const queues = workQueues(clock)
  const events = eventRecorder(manager, clock, options.events)
  const informers = startInformers(manager)
  const context = { client: manager, clock, queues, events, informers }
  for (const start of controllers) start(context)
  startJobs(context, { jobBackOffMs: options.jobBackOffMs ?? 10_000 })
  if (nodes > 0) {
    startKubelets(context, { nodes: registerNodes(context, nodes), delayMs: podDelayMs })
    startScheduler(context)
  }
  return {
    stop() {
      queues.stop()
      events.stop()
      for (const informer of Object.values(informers)) informer.stop()
    },
  }
}

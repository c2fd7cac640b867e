/** The status of one container, as the kubelet reports it. */
import { createHash } from 'node:crypto'
import { timestamp } from '../controllers/clock.ts'
import type { Container, ContainerState, ContainerStatus, Pod } from '../controllers/workload.ts'
import { backOffSeconds, duration, fullImageName, pullBackOff } from './image-behaviour.ts'

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function imageId(image: string): string {
  const full = fullImageName(image)
  const repository = full.replace(/(:[^/:]*|@.*)$/, '')
  return `${repository}@sha256:${sha256(full)}`
}

function containerId(pod: Pod, container: Container, restart: number): string {
  return `containerd://${sha256(`${pod.metadata.uid}/${container.name}/${restart}`)}`
}

export interface Moment {
  pod: Pod
  now: number
}

function base(container: Container, state: ContainerState): ContainerStatus {
  return {
    name: container.name,
    state,
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image,
    imageID: '',
    started: false,
  }
}

export function waiting(container: Container, reason: string): ContainerStatus {
  return base(container, { waiting: { reason } })
}

export function unpullable(container: Container): ContainerStatus {
  return base(container, pullBackOff(container.image))
}

export function running(container: Container, { pod, now }: Moment): ContainerStatus {
  return {
    ...base(container, { running: { startedAt: timestamp(now) } }),
    ready: true,
    started: true,
    imageID: imageId(container.image),
    containerID: containerId(pod, container, 0),
  }
}

export interface End {
  exitCode: number
  /** RFC 3339. */
  startedAt: string
  isReady?: boolean
  restarts?: number
}

function terminatedState(container: Container, { pod, now }: Moment, end: End): ContainerState {
  return {
    terminated: {
      exitCode: end.exitCode,
      reason: end.exitCode === 0 ? 'Completed' : 'Error',
      startedAt: end.startedAt,
      finishedAt: timestamp(now),
      containerID: containerId(pod, container, end.restarts ?? 0),
    },
  }
}

export function ended(container: Container, moment: Moment, end: End): ContainerStatus {
  return {
    ...base(container, terminatedState(container, moment, end)),
    ready: end.isReady ?? false,
    imageID: imageId(container.image),
    containerID: containerId(moment.pod, container, end.restarts ?? 0),
    restartCount: end.restarts ?? 0,
  }
}

/** Restarted `restarts` times, dead again, and waiting for its next try. */
export function crashLooping(container: Container, moment: Moment, restarts: number): ContainerStatus {
  const { name, namespace, uid } = moment.pod.metadata
  const wait = duration(backOffSeconds(restarts))
  const message = `back-off ${wait} restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`
  const end = { exitCode: 1, startedAt: timestamp(moment.now), restarts }
  return {
    ...base(container, { waiting: { reason: 'CrashLoopBackOff', message } }),
    lastState: terminatedState(container, moment, end),
    restartCount: restarts,
    imageID: imageId(container.image),
    containerID: containerId(moment.pod, container, restarts),
  }
}

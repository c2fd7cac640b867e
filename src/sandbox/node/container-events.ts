/** The Events a kubelet emits when containers start, fail to, or start over. */
import type { EventText } from '../controllers/event-recorder.ts'
import type { ContainerStatus, Pod } from '../controllers/workload.ts'
import { pullError } from './image-behaviour.ts'

function startTexts({ image, name }: ContainerStatus): EventText[] {
  return [
    { reason: 'Pulled', message: `Container image "${image}" already present on machine` },
    { reason: 'Created', message: `Created container: ${name}` },
    { reason: 'Started', message: `Started container ${name}` },
  ]
}

function pullTexts({ image }: ContainerStatus): EventText[] {
  const failure = `rpc error: code = NotFound desc = ${pullError(image)}`
  return [
    { reason: 'Pulling', message: `Pulling image "${image}"` },
    { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${failure}` },
    { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
    { reason: 'BackOff', message: `Back-off pulling image "${image}"` },
    { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
  ]
}

function textsOf(pod: Pod, now: ContainerStatus, old: ContainerStatus | undefined): EventText[] {
  const { reason } = now.state.waiting ?? {}
  if (reason === 'ImagePullBackOff') return old?.state.waiting?.reason === reason ? [] : pullTexts(now)
  if (reason === 'CrashLoopBackOff') {
    if (old && old.restartCount === now.restartCount) return []
    const { name, namespace, uid } = pod.metadata
    const message = `Back-off restarting failed container ${now.name} in pod ${name}_${namespace}(${uid})`
    return [...startTexts(now), { type: 'Warning', reason: 'BackOff', message }]
  }
  const hadStarted = old?.state.running ?? old?.state.terminated
  return now.state.waiting || hadStarted ? [] : startTexts(now)
}

/** What changed between two reports of the same containers; `field` is `spec.containers` or `spec.initContainers`. */
export function containerEvents(
  pod: Pod,
  field: string,
  { now, old = [] }: { now: ContainerStatus[]; old?: ContainerStatus[] },
): EventText[] {
  return now.flatMap((status) => {
    const before = old.find(({ name }) => name === status.name)
    return textsOf(pod, status, before).map((text) => ({ ...text, fieldPath: `${field}{${status.name}}` }))
  })
}

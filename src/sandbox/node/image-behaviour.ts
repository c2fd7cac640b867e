/** What a container will do, told by the name of its image: this is how a try-out or a test asks for trouble. */
import type { Container, ContainerState, PodSpec } from '../controllers/workload.ts'

/** `runs` until told to stop, `completes` by itself, or goes wrong in one of three ways. */
export type Behaviour = 'runs' | 'completes' | 'fails' | 'crashes' | 'never-pulls'

/**
 * `missing` never pulls. `crash` starts and dies. `fail` ends with exit code 1 where a container is meant to end at
 * all: in a pod that is not restarted always (a Job's), or as an init container.
 */
export function behaviourOf(container: Container, { restartPolicy = 'Always' }: PodSpec, isInit = false): Behaviour {
  const { image = '' } = container
  if (image.includes('missing')) return 'never-pulls'
  if (image.includes('crash')) return 'crashes'
  if (isInit && container.restartPolicy === 'Always') return 'runs'
  if (restartPolicy === 'Always' && !isInit) return 'runs'
  // Somebody means to attach: it ends when they say so
  if (container.stdin) return 'runs'
  return image.includes('fail') ? 'fails' : 'completes'
}

const hub = 'docker.io/library/'

/** The name as a container runtime spells it out: registry, repository, tag. */
export function fullImageName(image: string): string {
  const first = image.split('/')[0] ?? ''
  const hasRegistry = image.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  const named = hasRegistry ? image : image.includes('/') ? `docker.io/${image}` : `${hub}${image}`
  const last = named.split('/').at(-1) ?? ''
  return last.includes(':') || last.includes('@') ? named : `${named}:latest`
}

/** The runtime's words when an image is not there, as kubelet passes them on. */
export function pullError(image: string): string {
  const full = fullImageName(image)
  return `failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`
}

export function pullBackOff(image: string): ContainerState {
  const detail = `ErrImagePull: rpc error: code = NotFound desc = ${pullError(image)}`
  return { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ${detail}` } }
}

const firstBackOff = 10
const longestBackOff = 300

/** Seconds that kubelet waits before the restart that follows restart number `count`. */
export function backOffSeconds(count: number): number {
  return Math.min(firstBackOff * 2 ** Math.max(0, count - 1), longestBackOff)
}

/** Go's way to print a duration: 40s, 1m20s. */
export function duration(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

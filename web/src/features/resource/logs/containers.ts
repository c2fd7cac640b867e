/** The containers of a Pod, or of the template of one. Pure. */
import { isMap } from '../object-yaml.ts'
import type { LiveObject } from '../queries/live-object.ts'

export interface ContainerChoice {
  name: string
  sort: 'container' | 'init' | 'ephemeral'
  isRunning: boolean
  restarts: number
}

const lists = [
  ['containers', 'container'],
  ['initContainers', 'init'],
  ['ephemeralContainers', 'ephemeral'],
] as const

const statusLists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']
const defaultContainer = 'kubectl.kubernetes.io/default-container'

/** The one that is meant when nothing is said comes first. */
export function containersOf(object: LiveObject | undefined): ContainerChoice[] {
  const spec = mapAt(object?.spec, 'template', 'spec') ?? (isMap(object?.spec) ? object.spec : {})
  const statuses = statusLists.flatMap((name) => namedItems(Object(object?.status)[name]))
  const found = lists.flatMap(([list, sort]) =>
    namedItems(spec[list]).map(({ name }): ContainerChoice => {
      const status = statuses.find((one) => one.name === name)
      const isRunning = isMap(status?.state) && status.state.running !== undefined
      return { name, sort, isRunning, restarts: Number(status?.restartCount ?? 0) }
    }),
  )
  const preferred = object?.metadata?.annotations?.[defaultContainer]
  return found.sort((one, other) => Number(other.name === preferred) - Number(one.name === preferred))
}

interface Named extends Record<string, unknown> {
  name: string
}

function namedItems(value: unknown): Named[] {
  return Array.isArray(value) ? value.filter((item): item is Named => isMap(item) && typeof item.name === 'string') : []
}

function mapAt(value: unknown, ...path: string[]): Record<string, unknown> | undefined {
  let at = value
  for (const step of path) at = isMap(at) ? at[step] : undefined
  return isMap(at) ? at : undefined
}

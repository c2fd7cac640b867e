/** The parts of a pod that Pod Security looks at. */
import { type Fields, fields, list, text } from '../../kinds/fields.ts'

export interface Fault {
  /** What is forbidden. */
  reason: string
  /** Who broke it, and what would be right. */
  detail: string
}

/** One rule: what of a pod breaks it. */
export type Check = (spec: Fields, metadata: Fields) => Fault | undefined

export function allContainers(spec: Fields): Fields[] {
  return [...list(spec.initContainers), ...list(spec.containers), ...list(spec.ephemeralContainers)]
}

export function contextOf(container: Fields): Fields {
  return fields(container.securityContext)
}

export function namesOf(containers: Fields[]): string[] {
  return containers.map(({ name }) => `"${text(name)}"`)
}

/** `container "a"` or `containers "a", "b"`. */
export function called(containers: Fields[]): string {
  return `${containers.length === 1 ? 'container' : 'containers'} ${namesOf(containers).join(', ')}`
}

/** `pod and containers "a", "b"`: who set what should not be set. */
export function whoSet(pod: boolean, containers: Fields[]): string {
  const parts = [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [called(containers)] : [])]
  return parts.join(' and ')
}

export function isWindows(spec: Fields): boolean {
  return fields(spec.os).name === 'windows'
}

export function quoted(values: Iterable<string>): string {
  return [...new Set(values)]
    .sort()
    .map((value) => `"${value}"`)
    .join(', ')
}

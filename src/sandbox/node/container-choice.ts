/** Which container a request for logs or a terminal means, with the API server's words when it names none. */

import type { Container, ContainerStatus, Pod } from '../controllers/workload.ts'
import { StatusError } from '../status.ts'

export function badRequest(message: string): StatusError {
  return new StatusError({ code: 400, reason: 'BadRequest', message })
}

function names(containers: Container[]): string {
  return `[${containers.map(({ name }) => name).join(' ')}]`
}

/** `asked` absent or empty: the annotated default, or the only one there is. */
export function chooseContainer(pod: Pod, asked?: string | null): Container {
  const { containers, initContainers = [] } = pod.spec
  const wanted = asked || pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  const found = [...containers, ...initContainers].find(({ name }) => name === wanted)
  if (found) return found
  if (asked) throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`)
  const [only, ...others] = containers
  if (only && others.length === 0) return only
  const init = initContainers.length > 0 ? ` or one of the init containers: ${names(initContainers)}` : ''
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: ${names(containers)}${init}`,
  )
}

export function statusOfContainer({ status }: Pod, name: string): ContainerStatus | undefined {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(
    (candidate) => candidate.name === name,
  )
}

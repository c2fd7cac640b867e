/** The end of a container that ends when the person attached to it says so. */
import type { Clock } from '../controllers/clock.ts'
import type { ControllerClient } from '../controllers/controller.ts'
import type { Container, Pod } from '../controllers/workload.ts'
import { ended } from './container-status.ts'
import { podStatus } from './pod-status.ts'

const pods = { group: '', version: 'v1', resource: 'pods' }

/** Reports the container as ended, unless it is restarted always or has ended already. */
export function endContainer(
  { pod, client, clock }: { pod: Pod; client: ControllerClient; clock: Clock },
  container: Container,
  exitCode: number,
): void {
  const { namespace, name = '' } = pod.metadata
  const live = client.get({ ...pods, namespace, name }) as Pod | undefined
  const main = live?.status?.containerStatuses ?? []
  const startedAt = main.find((status) => status.name === container.name)?.state.running?.startedAt
  if (!live || startedAt === undefined || live.spec.restartPolicy === 'Always') return
  const now = clock.now()
  const end = ended(container, { pod: live, now }, { exitCode, startedAt })
  const report = {
    init: live.status?.initContainerStatuses ?? [],
    main: main.map((status) => (status.name === container.name ? end : status)),
  }
  client.as('kubelet').updateStatus(pods, { ...live, status: podStatus(live, report, { now }) })
}

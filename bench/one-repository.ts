/** What commits to one repository cost that all applications are declared in: looks at the repository, fetches, renderings, writes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Application } from '../src/model/index.ts'
import {
  type BenchEnvironment,
  follow,
  inSeconds,
  installApplications,
  installDefinitions,
} from './bench-environment.ts'
import type { Usage } from './measured-process.ts'
import { isAt, isSynced, spent, total, writes } from './reactions.ts'
import { applicationName, changeAll, changeOne, type Workload, writeRepository } from './workload.ts'

const pollSeconds = 30
/** Of which each touches another application. */
const commits = 3

export async function oneRepositoryFigures(bench: BenchEnvironment, workload: Workload): Promise<void> {
  const { note } = bench
  const repository = writeRepository(bench.folder, workload)
  const { kubeconfig, client } = await bench.openCluster('tiphys')
  await installDefinitions(client)
  await client.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace: 'argocd' },
    data: { 'timeout.reconciliation': `${pollSeconds}s`, 'timeout.reconciliation.jitter': '0s' },
  })
  await installApplications(client, { applications: workload.applications, repoURL: repository })
  const { all, until, close } = await follow(client)
  const { tiphys, metricsUrl } = await bench.startTiphys(kubeconfig)
  await until(() => all().length === workload.applications && all().every(isSynced))
  const usage = () => tiphys.usage(metricsUrl)

  await sleep(2 * pollSeconds * 1000)
  const before = await usage()
  await sleep(4 * pollSeconds * 1000)
  tell(`nothing committed, for ${(4 * pollSeconds) / 60} minutes`, before, await usage())

  for (let index = 0; index < commits; index++) {
    const earlier = await usage()
    const started = performance.now()
    const revision = changeOne(repository, index)
    const touched = () => all().find(({ metadata }) => metadata.name === applicationName(index))
    await until(() => isAt(touched(), revision))
    const touchedMs = performance.now() - started
    await until(() => all().every((application) => isAt(application, revision) || comparedWith(application, revision)))
    await sleep(2000)
    tell('a commit that touches one application', earlier, await usage())
    note(
      '  that one Synced, all compared with it after',
      `${inSeconds(touchedMs)}, ${inSeconds(performance.now() - started - 2000)}`,
    )
  }

  const earlier = await usage()
  const started = performance.now()
  const revision = changeAll(repository, workload)
  await until(() => all().every((application) => isAt(application, revision)))
  tell('a commit that touches every application', earlier, await usage())
  note('  all Synced after', inSeconds(performance.now() - started))
  await tiphys.stop()
  await close()
  await client.close()

  function tell(what: string, from: Usage, to: Usage): void {
    const counted = (name: string) => (to.values[name] ?? 0) - (from.values[name] ?? 0)
    const shown = ['tiphys_git_listings', 'tiphys_git_fetches', 'tiphys_renders'].map(counted)
    note(`${what}: looks at the repository, fetches, renderings`, shown.join(', '))
    note(
      '  writes, all requests, CPU',
      `${writes(to) - writes(from)}, ${total(to) - total(from)}, ${spent(to, from).toFixed(1)} s`,
    )
  }
}

/** Nothing had to be synced. */
function comparedWith({ status }: Application, revision: string): boolean {
  return status?.sync?.revision === revision && status.sync.status === 'Synced'
}

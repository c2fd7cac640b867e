/**
 * One ApplicationSet with thousands of applications: made, left alone, and changed. The applications say
 * `argocd.argoproj.io/skip-reconcile: "true"`: what is measured is the set.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeClient } from '../src/kube/kube-client.ts'
import { type ApplicationSet, annotation } from '../src/model/index.ts'
import { type BenchEnvironment, follow, inMegabytes, inSeconds, installDefinitions } from './bench-environment.ts'
import { spent, total, writes } from './reactions.ts'
import { applicationName, commit, initialise } from './workload.ts'

const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'ApplicationSet', namespace: 'argocd', name: 'fleet' }
const requeueSeconds = 30

export async function applicationSetFigures(
  bench: BenchEnvironment,
  { applications: count, idleSeconds }: { applications: number; idleSeconds: number },
): Promise<void> {
  const { note } = bench
  const repository = writeParameters(bench.folder, count)
  const { kubeconfig, client, server } = await bench.openCluster('tiphys')
  await installDefinitions(client)
  const { all, until, close } = await follow(client)
  const { tiphys, metricsUrl } = await bench.startTiphys(kubeconfig)
  const usage = () => tiphys.usage(metricsUrl)
  /** What it takes until it is so, and what it costs. */
  async function figures(what: string, isSo: () => boolean, act: () => Promise<unknown>): Promise<void> {
    const before = await usage()
    const serverBefore = server?.cpuSeconds() ?? 0
    const started = performance.now()
    await act()
    await until(isSo)
    note(what, inSeconds(performance.now() - started))
    await sleep(3000)
    const after = await usage()
    note('  writes, all requests', `${writes(after) - writes(before)}, ${total(after) - total(before)}`)
    const serverCpu = (server?.cpuSeconds() ?? 0) - serverBefore
    note('  CPU of Tiphys, of the API server', `${spent(after, before).toFixed(1)} s, ${serverCpu.toFixed(1)} s`)
  }
  const labelled = (value: string) => all().filter(({ metadata }) => metadata.labels?.tier === value).length

  await figures(
    `${count} applications there, from the creation of the set`,
    () => all().length === count,
    () => client.create(setOf(repository), { fieldManager: 'bench' }),
  )
  const made = await usage()
  note('resident memory, at its peak', inMegabytes(made.peakRss))
  const before = await usage()
  await sleep(idleSeconds * 1000)
  const after = await usage()
  note(
    `left alone for ${idleSeconds} s, generated every ${requeueSeconds} s: writes, all requests`,
    `${writes(after) - writes(before)}, ${total(after) - total(before)}`,
  )
  note('  CPU of one core', `${((spent(after, before) / idleSeconds) * 100).toFixed(1)} %`)

  writeParameter(repository, count)
  commit(repository, 'One more')
  await figures(
    'one application more, by a commit',
    () => all().length === count + 1,
    () => generatedAnew(client),
  )
  const changed = { spec: { template: { metadata: { labels: { tier: 'gold' } } } } }
  await figures(
    'a label of the template changed, until all have it',
    () => labelled('gold') === count + 1,
    () => client.patch(target, changed, { type: 'merge' }),
  )
  rmSync(join(repository, 'fleet', '0'), { recursive: true })
  commit(repository, 'A third is lost')
  let message = ''
  await figures(
    'a third of the files lost by a commit, until the set says what it waits for',
    () => message !== '',
    async () => {
      await generatedAnew(client)
      while (message === '') {
        message = await whatWaits(client)
        await sleep(200)
      }
    },
  )
  note('  applications still there', String(all().length))
  note('  what it says', message)
  await tiphys.stop()
  await close()
  await client.close()
}

async function generatedAnew(client: KubeClient): Promise<void> {
  const metadata = { annotations: { [annotation.applicationSetRefresh]: 'true' } }
  await client.patch(target, { metadata }, { type: 'merge' })
}

async function whatWaits(client: KubeClient): Promise<string> {
  const { status } = (await client.get(target)) as ApplicationSet
  return (
    (status?.conditions ?? []).map(({ message = '' }) => message).find((text) => text.includes('not deleted yet')) ?? ''
  )
}

/** In three folders. */
function writeParameters(folder: string, count: number): string {
  const path = join(folder, 'fleet')
  for (const part of ['0', '1', '2']) mkdirSync(join(path, 'fleet', part), { recursive: true })
  for (let index = 0; index < count; index++) writeParameter(path, index)
  initialise(path)
  commit(path, 'Add')
  return path
}

function writeParameter(path: string, index: number): void {
  const parameters = { name: applicationName(index), team: `team-${index % 7}`, cluster: { region: `r${index % 5}` } }
  writeFileSync(join(path, 'fleet', String(index % 3), `${parameters.name}.json`), JSON.stringify(parameters))
}

function setOf(repoURL: string) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: target.name, namespace: target.namespace },
    spec: {
      goTemplate: true,
      generators: [
        {
          git: {
            repoURL,
            revision: 'main',
            files: [{ path: 'fleet/**/*.json' }],
            requeueAfterSeconds: requeueSeconds,
          },
        },
      ],
      template: {
        metadata: {
          name: '{{.name}}',
          labels: { team: '{{.team}}', tier: 'silver' },
          annotations: { [annotation.skipReconcile]: 'true' },
        },
        spec: {
          project: 'default',
          source: { repoURL, path: 'charts/{{.team}}', targetRevision: 'main' },
          destination: { name: 'in-cluster', namespace: '{{.name}}-{{.cluster.region}}' },
        },
      },
    },
  }
}

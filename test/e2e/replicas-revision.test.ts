/** A replica that takes an application over knows less of Git than who has looked after it: it asks before it deploys. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Application, annotation } from '../../src/model/index.ts'
import { localRepository } from './local-repository.ts'
import { configMap } from './manifests.ts'
import { untilWithin } from './patience.ts'
import { controlNamespace, openStage, Replica, type Stage, shops } from './replicas.ts'

const names = shops(8)

let stage: Stage
let replicas: Replica[] = []

beforeAll(async () => {
  stage = await openStage()
  const settings = { group: '', version: 'v1', kind: 'ConfigMap', namespace: controlNamespace, name: 'argocd-cm' }
  await stage.client.patch(settings, { data: { 'timeout.reconciliation': '120s' } }, { type: 'merge' })
  replicas = [await Replica.start(stage, 'a')]
  await replicas[0]?.running()
  replicas.push(await Replica.start(stage, 'b'))
  await replicas[1]?.running()
})
afterAll(async () => {
  for (const replica of replicas) await replica.end('SIGKILL')
  await stage.stop()
})

const until = untilWithin(30_000)

const holderOf = ({ metadata }: Application) => metadata.annotations?.[annotation.holder]?.split('/')[0]
const heldBy = (replica: Replica | undefined) =>
  stage.applications().filter((application) => holderOf(application) === stage.identityOf(replica?.account ?? ''))
const revisionOf = ({ status }: Application) => status?.operationState?.syncResult?.revision

test('an older commit is not deployed in the place of the newer that the other had deployed', async () => {
  const files = (round: number) =>
    Object.fromEntries(names.map((name) => [`${name}/all.yaml`, configMap('config', { round: String(round) })]))
  const repository = localRepository(join(stage.folder, 'repository'), files(1))
  const first = repository.revision()
  const live = ({ lines }: Replica) =>
    (lines.findLast((line) => line.live)?.live as Record<string, string[]>)?.controller
  await until('they know of one another', () => replicas.every((replica) => live(replica)?.length === 2))
  for (const name of names) {
    await stage.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: controlNamespace },
      spec: {
        project: 'default',
        source: { repoURL: repository.url, path: name, targetRevision: 'main' },
        destination: { name: 'in-cluster', namespace: name },
        syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
      },
    })
  }
  await until('the first is deployed', () => stage.applications().every((one) => revisionOf(one) === first))
  const [a, b] = replicas
  const moved = heldBy(a).map(({ metadata }) => metadata.name)
  expect(Math.min(moved.length, heldBy(b).length), 'each has some').toBeGreaterThan(0)

  const second = repository.commit(files(2))
  for (const name of moved) {
    const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: controlNamespace, name }
    await stage.client.patch(
      target,
      { metadata: { annotations: { [annotation.refresh]: 'normal' } } },
      { type: 'merge' },
    )
  }
  const theirs = () => stage.applications().filter(({ metadata }) => moved.includes(metadata.name))
  await until('the second is deployed by the one that was asked', () =>
    theirs().every((one) => revisionOf(one) === second),
  )
  const before = theirs().map(({ status }) => status?.history)
  const lines = b?.lines.length ?? 0
  await a?.end('SIGTERM')
  await until('the other is alone', () => b !== undefined && b.lines.length > lines && live(b)?.length === 1)
  await sleep(3_000)
  expect(theirs().map(({ status }) => status?.history)).toEqual(before)
  expect(theirs().map(({ status }) => status?.sync)).toEqual(
    theirs().map(() => expect.objectContaining({ status: 'Synced', revision: second })),
  )
})

/** A backup moves between a cluster and a folder: what is deployed to is never the API that only keeps objects. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Application } from '../../src/model/index.ts'
import { tiphysIn } from './command-line.ts'
import { localRepository } from './local-repository.ts'
import { configMap } from './manifests.ts'
import { untilWithin } from './patience.ts'
import { type StandaloneProcess, startStandalone } from './standalone-process.ts'
import { startWorld, type World } from './world.ts'

const until = untilWithin(60_000)
const core = { group: '', version: 'v1', kind: 'ConfigMap' }
const applications = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' }
const settings = { ...core, namespace: 'argocd', name: 'argocd-cm' }

let folder: string
let running: StandaloneProcess | undefined
let world: World
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiphys-moved-'))
  world = await startWorld()
})
afterAll(async () => {
  await running?.end('SIGKILL')
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the backup of a cluster deploys nothing into the folder, and that of the folder deploys in a cluster', async () => {
  const { url } = localRepository(join(folder, 'repository'), { 'a.yaml': configMap('deployed') })
  const file = join(folder, 'backup.yaml')
  writeFileSync(
    file,
    `apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data: {timeout.reconciliation: 1s, timeout.reconciliation.jitter: 0s}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  project: default
  source: {repoURL: '${url}', path: ., targetRevision: main}
  destination: {server: 'https://kubernetes.default.svc', namespace: moved}
  syncPolicy: {automated: {}, syncOptions: [CreateNamespace=true]}
`,
  )
  const standalone = await startStandalone({ folder, data: join(folder, 'data') })
  running = standalone
  const { client } = standalone
  expect(await standalone.admin('import', file)).toMatchObject({ code: 0, err: '' })
  expect((await client.get(settings))?.data).not.toHaveProperty(['cluster.inClusterEnabled'])
  await until('it is told that there is no such cluster', async () => {
    const found = (await client.get({ ...applications, namespace: 'argocd', name: 'shop' })) as Application | undefined
    const { conditions = [] } = found?.status ?? {}
    return conditions.some(({ message }) => /kubernetes\.default\.svc.* is not known/.test(message))
  })
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  expect(await client.get({ ...core, namespace: 'moved', name: 'deployed' })).toBeUndefined()

  const back = join(folder, 'back.yaml')
  expect(await standalone.admin('export', '--out', back)).toMatchObject({ code: 0, err: '' })
  expect(readFileSync(back, 'utf8')).not.toContain('inClusterEnabled')
  expect(await tiphysIn(world, ['admin', 'import', back])).toMatchObject({ code: 0, err: '' })
  await until('it is deployed in the cluster', async () =>
    Boolean(await world.client.get({ ...core, namespace: 'moved', name: 'deployed' })),
  )
}, 300_000)

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findTools } from '../manifest/tools.ts'
import type { KubeObject } from '../model/index.ts'
import { packageFile, packageVersion } from '../process/package-file.ts'
import { manifestsOf, type Variant } from './index.ts'

interface Spec {
  template: {
    spec: { nodeSelector: object; volumes: object[]; tolerations: object[]; containers: object[] }
  }
}

let folder: string
let helm: string[]
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiphys-chart-'))
  helm = (await findTools({ cacheDir: join(tmpdir(), 'tiphys-test-tools') }).helm()).command
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function rendered(...args: string[]): Promise<KubeObject[]> {
  const [program = '', ...first] = helm
  const env = { PATH: process.env.PATH, HOME: folder }
  const chart = packageFile('install/chart')
  const { stdout } = await promisify(execFile)(
    program,
    [...first, 'template', 'tiphys', chart, '--namespace', 'argocd', ...args],
    { env, maxBuffer: 2 ** 26 },
  )
  return (loadAll(stdout) as KubeObject[]).filter(Boolean)
}

const byKindAndName = (objects: KubeObject[]) =>
  [...objects].sort((one, other) =>
    `${one.kind}/${one.metadata.name}`.localeCompare(`${other.kind}/${other.metadata.name}`),
  )

test.each<[Variant, string[]]>([
  ['install', []],
  ['namespace-install', ['--set', 'rights.scope=namespace']],
  ['ha/install', ['--set', 'replicas=3']],
  ['ha/namespace-install', ['--set', 'replicas=3,rights.scope=namespace']],
])('the chart renders to what %s.yaml holds', async (variant, args) => {
  const wanted = manifestsOf(variant, { namespace: 'argocd', image: `tiphys:${packageVersion()}` })
  const withoutDefinitions = wanted.filter(({ kind }) => kind !== 'CustomResourceDefinition')
  const objects = await rendered(...args)
  // So that Helm leaves settings where they are when the release goes.
  for (const { metadata } of objects) {
    if (metadata.labels?.['app.kubernetes.io/part-of'] !== 'argocd') continue
    expect(metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' })
    delete metadata.annotations
  }
  expect(byKindAndName(objects)).toEqual(byKindAndName(withoutDefinitions))
})

test('what an installation adds is where it belongs', async () => {
  const values = {
    serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn' } },
    env: [{ name: 'HTTPS_PROXY', value: 'http://proxy' }],
    extraArgs: ['--log-level=debug'],
    extraVolumes: [{ name: 'authorities', configMap: { name: 'authorities' } }],
    extraVolumeMounts: [{ name: 'authorities', mountPath: '/authorities' }],
    tolerations: [{ key: 'infra', operator: 'Exists' }],
    nodeLostSeconds: 60,
  }
  const file = join(folder, 'values.json')
  writeFileSync(file, JSON.stringify(values))
  const objects = await rendered('--values', file, '--set', 'nodeSelector.kubernetes\\.io/arch=null')
  const account = objects.find(({ kind }) => kind === 'ServiceAccount')
  expect(account?.metadata.annotations).toEqual(values.serviceAccount.annotations)
  const { spec } = objects.find(({ kind }) => kind === 'Deployment') as unknown as { spec: Spec }
  const pod = spec.template.spec
  expect(pod.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' })
  expect(pod.volumes).toEqual(expect.arrayContaining(values.extraVolumes))
  expect(pod.tolerations.at(-1)).toEqual(values.tolerations[0])
  expect(pod.tolerations[0]).toMatchObject({ tolerationSeconds: 60 })
  expect(pod.containers[0]).toMatchObject({
    args: expect.arrayContaining(values.extraArgs),
    env: expect.arrayContaining(values.env),
    volumeMounts: expect.arrayContaining(values.extraVolumeMounts),
  })
})

test('settings that others have made are left out, and then none can be given', async () => {
  const objects = await rendered('--set', 'settings.create=false')
  expect(objects.filter(({ kind }) => kind === 'ConfigMap' || kind === 'Secret')).toEqual([])
  const both = rendered('--set', 'settings.create=false,settings.argocd-cm.url=https://cd.example.com')
  await expect(both).rejects.toThrow(/settings.create is false/)
})

test('settings of the values are those of the installation', async () => {
  const objects = await rendered('--set', 'settings.argocd-cm.url=https://cd.example.com')
  const found = objects.find(({ metadata }) => metadata.name === 'argocd-cm')
  expect(found?.data).toEqual({ url: 'https://cd.example.com' })
})

test.each([
  ['a misspelt value', 'replicaCount=3'],
  ['a scope that there is not', 'rights.scope=all'],
  ['a ConfigMap that there is not', 'settings.argocd-cn.url=a'],
])('%s is refused', async (_what, value) => {
  await expect(rendered('--set', value)).rejects.toThrow(/values don't meet the specifications of the schema/)
})

test('the version of the chart is that of the program', async () => {
  const [deployment] = (await rendered()).filter(({ kind }) => kind === 'Deployment')
  expect(JSON.stringify(deployment)).toContain(`"tiphys:${packageVersion()}"`)
})

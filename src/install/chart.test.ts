import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findTools } from '../manifest/tools.ts'
import type { KubeObject } from '../model/index.ts'
import { packageFile, packageVersion } from '../process/package-file.ts'
import { manifestsOf, type Variant } from './index.ts'

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
  expect(byKindAndName(await rendered(...args))).toEqual(byKindAndName(withoutDefinitions))
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

import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HelmSource } from '../../model/index.ts'
import { type Bench, namesOf, openBench, tools } from '../fixtures/bench.ts'
import { readYaml } from '../yaml/read.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const chart = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n',
  'chart/values.yaml': 'colour: red\nshape: round\nlist: []\n',
  'chart/templates/cm.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data: {{ omit .Values "global" | toJson }}
`,
}

async function values(helm: HelmSource, path = 'chart'): Promise<unknown> {
  const { manifests } = await bench.render({ path, helm })
  return manifests[0]?.object.data
}

test('values come from files, then values, then parameters, the later the stronger', async () => {
  bench.repository.commit({ ...chart, 'chart/a.yaml': 'colour: a\nfile: a\n', 'chart/b.yaml': 'colour: b\n' })
  expect(await values({})).toEqual({ colour: 'red', shape: 'round', list: [] })
  expect(await values({ valueFiles: ['a.yaml', 'b.yaml'] })).toMatchObject({ colour: 'b', file: 'a' })
  expect(await values({ valueFiles: ['a.yaml'], values: 'colour: own\ncost: $5 $X' })).toMatchObject({
    colour: 'own',
    cost: '$5 $X',
  })
  const both = await values({ values: 'colour: text\nshape: text', valuesObject: { colour: 'object' } })
  expect(both).toMatchObject({ colour: 'object', shape: 'round' })
  const parameters = [
    { name: 'colour', value: '$ARGOCD_APP_NAME-$$' },
    { name: 'shape', value: 'a,b\\,c' },
    { name: 'list', value: '{x,y}' },
    { name: 'number', value: '5' },
    { name: 'text', value: '5', forceString: true },
  ]
  expect(await values({ values: 'colour: x', parameters })).toEqual({
    colour: 'web-$',
    shape: 'a,b,c',
    list: ['x', 'y'],
    number: 5,
    text: '5',
  })
})

test('release name, namespace, Kubernetes version and API versions reach the chart', async () => {
  bench.repository.commit({
    ...chart,
    'chart/templates/cm.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}", namespace: "{{ .Release.Namespace }}"}
data: {kube: "{{ .Capabilities.KubeVersion }}", has: "{{ .Capabilities.APIVersions.Has "x.io/v1/Thing" }}"}
`,
  })
  const object = async (helm: HelmSource, apiVersions?: string[]): Promise<unknown> =>
    (await bench.render({ path: 'chart', helm }, apiVersions ? { apiVersions } : {})).manifests[0]?.object
  const given = { releaseName: 'r', namespace: 'n', kubeVersion: 'v1.29.3+k3s1', apiVersions: ['x.io/v1/Thing'] }
  const metadata = { name: 'r', namespace: 'n' }
  expect(await object(given)).toMatchObject({ metadata, data: { kube: 'v1.29.3', has: 'true' } })
  const defaults = { metadata: { name: 'web', namespace: 'shop' }, data: { kube: 'v1.35.0', has: 'false' } }
  expect(await object({})).toMatchObject(defaults)
  expect(await object({}, ['v1', 'x.io/v1/Thing'])).toMatchObject({ data: { has: 'true' } })
})

test('a new API in the cluster renders only those charts again that ask for APIs', async () => {
  bench.repository.commit(chart)
  const first = await bench.render({ path: 'chart' })
  expect(await bench.render({ path: 'chart' }, { apiVersions: ['v1', 'new/v1'] })).toBe(first)
})

test('value files come from the root of the repository, by pattern, and from another source', async () => {
  bench.repository.commit({
    ...chart,
    'env/prod/1.yaml': 'colour: one\na: 1\n',
    'env/prod/2.yaml': 'colour: two\nb: 2\n',
    'env/web.yaml': 'colour: web\n',
  })
  expect(await values({ valueFiles: ['/env/prod/2.yaml'] })).toMatchObject({ colour: 'two' })
  expect(await values({ valueFiles: ['../env/*/*.yaml'] })).toMatchObject({ colour: 'two', a: 1, b: 2 })
  expect(await values({ valueFiles: ['../env/**/*.yaml', '../env/prod/1.yaml'] })).toMatchObject({
    colour: 'one',
    b: 2,
  })
  expect(await values({ valueFiles: ['../env/$ARGOCD_APP_NAME.yaml'] })).toMatchObject({ colour: 'web' })
  const source = { repoURL: bench.repository.path, targetRevision: 'main' }
  const { revision } = await bench.sources.resolve(source)
  const refTrees = { values: await bench.sources.tree(source, revision) }
  const helm = { valueFiles: ['$values/env/prod/1.yaml', '$values/env/$ARGOCD_APP_NAME.yaml'] }
  const { manifests } = await bench.render({ path: 'chart', helm }, { refTrees })
  expect(manifests[0]?.object.data).toMatchObject({ colour: 'web', a: 1 })
})

test('a value file that is missing, outside, or of another scheme is an error that says what to do', async () => {
  bench.repository.commit(chart)
  await expect(values({ valueFiles: ['nope.yaml'] })).rejects.toThrow(
    'value file nope.yaml does not exist: correct valueFiles',
  )
  await expect(values({ valueFiles: ['no/*.yaml'] })).rejects.toThrow('value file no/*.yaml matches no file')
  expect(await values({ valueFiles: ['nope.yaml', 'no/*.yaml'], ignoreMissingValueFiles: true })).toMatchObject({
    colour: 'red',
  })
  await expect(values({ valueFiles: ['../../x.yaml'] })).rejects.toThrow('leads out of the repository')
  await expect(values({ valueFiles: ['/../x.yaml'] })).rejects.toThrow('leads out of the repository')
  await expect(values({ fileParameters: [{ name: 'a', path: '../../../etc/passwd' }] })).rejects.toThrow(
    'leads out of the repository',
  )
  for (const url of ['file:///etc/passwd', 's3://bucket/x.yaml', 'ftp://x/y.yaml']) {
    await expect(values({ valueFiles: [url] })).rejects.toThrow(
      'are not allowed: https and http of those that are read',
    )
  }
  await expect(values({ valueFiles: ['$other/x.yaml'] })).rejects.toThrow(
    'no source of this application has "ref: other"',
  )
  bench.repository.link('chart/out.yaml', '/etc/passwd')
  bench.repository.commit({})
  await expect(bench.render({ path: 'chart', helm: { valueFiles: ['out.yaml'] } })).rejects.toThrow(
    'leads out of the repository',
  )
})

test('value files are read only from addresses of the schemes that are allowed, also what is remembered', async () => {
  const host = createServer((_request, response) => response.end('colour: far\n'))
  await new Promise<void>((listening) => host.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}/values.yaml`
  let valuesFileSchemes = ['https', 'http']
  const other = openBench({ valuesFileSchemes: () => valuesFileSchemes })
  try {
    other.repository.commit(chart)
    const rendering = () => other.render({ path: 'chart', helm: { valueFiles: [url] } })
    expect((await rendering()).manifests[0]?.object.data).toMatchObject({ colour: 'far' })
    valuesFileSchemes = ['https', 's3']
    await expect(rendering()).rejects.toThrow('addresses with http: are not allowed: https of those that are read')
    valuesFileSchemes = []
    await expect(rendering()).rejects.toThrow('not allowed: none of those')
  } finally {
    await other.close()
    host.close()
  }
})

test('file parameters give the content of files', async () => {
  bench.repository.commit({ ...chart, 'chart/motd.txt': 'hello, world\n', 'root.txt': 'root' })
  const fileParameters = [
    { name: 'motd', path: 'motd.txt' },
    { name: 'root', path: '/root.txt' },
  ]
  expect(await values({ fileParameters })).toMatchObject({ motd: 'hello, world\n', root: 'root' })
})

test('custom resource definitions, tests and hooks are left in or out as the source says', async () => {
  const test = 'apiVersion: v1\nkind: Pod\nmetadata: {name: test, annotations: {helm.sh/hook: test}}\nspec: {}\n'
  bench.repository.commit({
    ...chart,
    'chart/crds/x.yaml':
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: xs.x.io}\n',
    'chart/templates/tests/t.yaml': test,
  })
  expect(namesOf(await bench.render({ path: 'chart' }))).toEqual(['xs.x.io', 'web', 'test'])
  expect(namesOf(await bench.render({ path: 'chart', helm: { skipCrds: true, skipTests: true } }))).toEqual(['web'])
})

test('dependencies in the repository and in charts/ are used, missing ones are named', async () => {
  const sub = {
    'Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 0.1.0\n',
    'templates/s.yaml': chart['chart/templates/cm.yaml'].replace('{{ .Release.Name }}', 'sub-{{ .Values.x }}'),
  }
  const depending = (repository: string): string =>
    `${chart['chart/Chart.yaml']}dependencies:\n- {name: sub, version: 0.1.0, repository: "${repository}"}\n`
  bench.repository.commit({
    ...chart,
    'chart/values.yaml': 'sub: {x: 1}\n',
    'chart/Chart.yaml': depending('file://../lib/sub'),
    'lib/sub/Chart.yaml': sub['Chart.yaml'],
    'lib/sub/templates/s.yaml': sub['templates/s.yaml'],
  })
  const before = await bench.render({ path: 'chart' })
  expect(namesOf(before)).toEqual(['sub-1', 'web'])
  bench.repository.commit({ 'lib/sub/templates/s.yaml': sub['templates/s.yaml'].replace('sub-', 'changed-') })
  expect(namesOf(await bench.render({ path: 'chart' }))).toEqual(['changed-1', 'web'])
  bench.repository.commit({ 'chart/Chart.yaml': depending('file://../../outside') })
  await expect(bench.render({ path: 'chart' })).rejects.toThrow('leads out of the repository')
  bench.repository.commit({ 'chart/Chart.yaml': depending('@alias') })
  await expect(bench.render({ path: 'chart' })).rejects.toThrow(
    'chart dependency sub has the repository @alias: give its address',
  )
  bench.repository.commit({ 'chart/Chart.yaml': depending('') })
  await expect(bench.render({ path: 'chart' })).rejects.toThrow(/missing in charts\/ directory: sub/)
})

test('a chart that does not render says why, without the names of temporary directories', async () => {
  bench.repository.commit({ ...chart, 'chart/templates/bad.yaml': '{{ fail "no colour given" }}' })
  await expect(bench.render({ path: 'chart' })).rejects.toMatchObject({
    stage: 'manifest',
    retry: false,
    message: expect.stringMatching(/^helm: (?!.*tiphys-render).*no colour given/s),
  })
  bench.repository.commit({
    'chart/templates/bad.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: &a\n  b: *c\n',
  })
  await expect(bench.render({ path: 'chart' })).rejects.toThrow(/^(helm: .*|chart\/)templates\/bad\.yaml/s)
})

test('templates cannot read files of this machine', async () => {
  bench.repository.commit({
    ...chart,
    'chart/templates/leak.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: leak}\ndata: {a: "{{ .Files.Get "/etc/passwd" }}{{ .Files.Get "../../../../etc/passwd" }}"}\n',
  })
  const { manifests } = await bench.render({ path: 'chart' })
  expect(manifests.find(({ object }) => object.metadata.name === 'leak')?.object.data).toEqual({ a: '' })
})

test('what is rendered is what helm prints', async () => {
  const directory = bench.repository.path
  const { command } = await tools.helm()
  const helm = command[0] ?? ''
  execFileSync(helm, ['create', join(directory, 'created')], { env: { HOME: directory } })
  bench.repository.commit({})
  const { manifests } = await bench.render({
    path: 'created',
    helm: { parameters: [{ name: 'ingress.enabled', value: 'true' }] },
  })
  const args = [
    'template',
    'web',
    '.',
    '--namespace',
    'shop',
    '--kube-version',
    '1.35.0',
    '--set',
    'ingress.enabled=true',
  ]
  const printed = execFileSync(helm, args, {
    cwd: join(directory, 'created'),
    env: { HOME: directory },
    encoding: 'utf8',
  })
  const { documents } = await readYaml(printed)
  expect(manifests.map(({ object }) => object)).toEqual(documents.map(({ value }) => value))
  expect(manifests[0]?.file).toBe('created/templates/serviceaccount.yaml')
})

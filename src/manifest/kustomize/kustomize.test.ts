import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { KubeObject, KustomizeSource } from '../../model/index.ts'
import { makeRepository, serveRepository } from '../../source/fixtures/repository.ts'
import { type Bench, configMap, namesOf, openBench, tools } from '../fixtures/bench.ts'
import { openRenderer } from '../renderer.ts'
import { readYaml } from '../yaml/read.ts'
import { parseImage } from './overrides.ts'
import { parseReference } from './remote-reference.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: "registry.example/web:1.0"}]}
`

const base = {
  'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'base/deployment.yaml': deployment,
}

async function built(kustomize: KustomizeSource, path = 'base'): Promise<KubeObject | undefined> {
  return (await bench.render({ path, kustomize })).manifests[0]?.object
}

test('every override of the source ends in the objects', async () => {
  bench.repository.commit({
    ...base,
    'parts/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {part: "yes"}\n',
    'base/patch.yaml': '- {op: add, path: /spec/paused, value: true}\n',
  })
  const object = await built({
    namePrefix: 'a-',
    nameSuffix: '-z',
    namespace: 'space',
    images: ['registry.example/web:2.0'],
    replicas: [{ name: 'web', count: '3' }],
    commonLabels: { team: '$ARGOCD_APP_NAME-x' },
    commonAnnotations: { note: '$ARGOCD_APP_NAME' },
    components: ['../parts'],
    patches: [
      { target: { kind: 'Deployment' }, patch: '- {op: add, path: /spec/minReadySeconds, value: 5}' },
      { target: { name: 'web' }, path: 'patch.yaml' },
    ],
  })
  expect(object).toMatchObject({
    metadata: {
      name: 'a-web-z',
      namespace: 'space',
      labels: { team: 'web-x' },
      annotations: { note: '$ARGOCD_APP_NAME', part: 'yes' },
    },
    spec: {
      replicas: 3,
      minReadySeconds: 5,
      paused: true,
      selector: { matchLabels: { app: 'web', team: 'web-x' } },
      template: { spec: { containers: [{ image: 'registry.example/web:2.0' }] } },
    },
  })
})

test('labels can be kept out of selectors, and annotations can take variables', async () => {
  bench.repository.commit(base)
  const object = await built({
    commonLabels: { team: 'x' },
    labelWithoutSelector: true,
    labelIncludeTemplates: true,
    commonAnnotations: { app: '$ARGOCD_APP_NAME' },
    commonAnnotationsEnvsubst: true,
  })
  expect(object?.metadata).toMatchObject({ labels: { team: 'x' }, annotations: { app: 'web' } })
  expect(object?.spec).toMatchObject({
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web', team: 'x' } } },
  })
})

test('a label that is already there is an error unless it is forced; a missing component is one unless it may be missing', async () => {
  bench.repository.commit({
    ...base,
    'base/kustomization.yaml': 'resources: [deployment.yaml]\ncommonLabels: {team: old}\n',
  })
  await expect(built({ commonLabels: { team: 'new' } })).rejects.toThrow('set forceCommonLabels to overwrite it')
  const forced = await built({ commonLabels: { team: 'new' }, forceCommonLabels: true })
  expect(forced?.metadata.labels).toEqual({ team: 'new' })
  await expect(built({ components: ['../nope'] })).rejects.toThrow('nope')
  expect(await built({ components: ['../nope'], ignoreMissingComponents: true, nameSuffix: '-x' })).toBeDefined()
})

describe('images are read as kustomize edit reads them', () => {
  const cases: Record<string, object> = {
    'nginx:1.2': { name: 'nginx', newTag: '1.2' },
    'nginx=other:5000/nginx': { name: 'nginx', newName: 'other:5000/nginx' },
    'nginx=other:5000/nginx:7': { name: 'nginx', newName: 'other:5000/nginx', newTag: '7' },
    'nginx@sha256:abc': { name: 'nginx', digest: 'sha256:abc' },
    'a=b:1@sha256:abc': { name: 'a', newName: 'b', newTag: '1', digest: 'sha256:abc' },
  }
  for (const [text, image] of Object.entries(cases)) test(text, () => expect(parseImage(text)).toEqual(image))
})

test('bases are followed through the repository, and only what they touch counts as input', async () => {
  bench.repository.commit({
    ...base,
    'middle/kustomization.yml': 'resources: [../base]\nnameSuffix: -m\n',
    'prod/Kustomization': 'resources: [../middle, extra.yaml]\n',
    'prod/extra.yaml': configMap('extra'),
  })
  const first = await bench.render({ path: 'prod' })
  expect(namesOf(first)).toEqual(['extra', 'web-m'])
  expect(first.inputs).toEqual(expect.arrayContaining(['prod', 'middle', 'base']))
  bench.repository.commit({ 'elsewhere/x.yaml': 'x' })
  expect(await bench.render({ path: 'prod' })).toBe(first)
  bench.repository.commit({ 'base/deployment.yaml': deployment.replace('1.0', '1.1') })
  const second = await bench.render({ path: 'prod' })
  expect(JSON.stringify(second.manifests)).toContain('web:1.1')
})

test('a kustomization cannot take files from outside of the repository', async () => {
  bench.repository.commit({ 'app/kustomization.yaml': 'resources: [../../outside]\n' })
  await expect(bench.render({ path: 'app' })).rejects.toThrow('leads out of the repository')
  bench.repository.commit({ 'app/kustomization.yaml': 'resources: [/etc/passwd]\n' })
  await expect(bench.render({ path: 'app' })).rejects.toThrow(/^kustomize|^kubectl/)
  const generator = (file: string): string => `configMapGenerator:\n- name: x\n  files: [${file}]\n`
  bench.repository.commit({ 'app/kustomization.yaml': generator('/etc/passwd') })
  await expect(bench.render({ path: 'app' })).rejects.toThrow(/security; file '\/etc\/passwd' is not in or below/)
  bench.repository.commit({ 'app/kustomization.yaml': generator('https://127.0.0.1:1/x') })
  await expect(bench.render({ path: 'app' })).rejects.toThrow('only resources can be remote')
})

test('a remote base is fetched through the mirror, built with its own bases, and noticed when it moves', async () => {
  const other = makeRepository()
  other.commit({
    'lib/app/kustomization.yaml': 'resources: [../more, cm.yaml]\n',
    'lib/app/cm.yaml': configMap('remote'),
    'lib/more/kustomization.yaml': 'resources: [cm.yaml]\n',
    'lib/more/cm.yaml': configMap('more'),
  })
  const server = await serveRepository(other.path)
  bench.repository.commit({
    'app/kustomization.yaml': `resources:\n- ${server.url}/lib/app?ref=main\n- cm.yaml\nnamePrefix: p-\n`,
    'app/cm.yaml': configMap('own'),
  })
  const first = await bench.render({ path: 'app' })
  expect(namesOf(first).toSorted()).toEqual(['p-more', 'p-own', 'p-remote'])
  expect(await bench.render({ path: 'app' })).toBe(first)
  other.commit({ 'lib/app/cm.yaml': configMap('moved') })
  bench.sources.invalidate(server.url)
  expect(namesOf(await bench.render({ path: 'app' }))).toContain('p-moved')
  await server.close()
  other.remove()
})

test('a remote base that cannot be reached fails at once and names itself', async () => {
  bench.repository.commit({ 'app/kustomization.yaml': 'resources: ["http://127.0.0.1:9/org/repo//base?ref=v1"]\n' })
  const started = Date.now()
  await expect(bench.render({ path: 'app' })).rejects.toMatchObject({
    stage: 'manifest',
    retry: true,
    message: expect.stringMatching(
      /^app\/kustomization\.yaml refers to http:.*cannot read .*its host cannot be reached/,
    ),
  })
  expect(Date.now() - started).toBeLessThan(5_000)
})

test('remote bases are refused where nothing remote is allowed', async () => {
  bench.repository.commit({ 'app/kustomization.yaml': 'resources: [github.com/org/repo//base]\n' })
  const source = { repoURL: bench.repository.path, path: 'app' }
  const { revision } = await bench.sources.resolve(source)
  const offline = openRenderer({ tools })
  const application = { name: 'web', namespace: 'argocd', project: 'default', destinationNamespace: 'shop' }
  const tree = await bench.sources.tree(source, revision)
  const rendering = offline.render({
    application,
    source,
    revision,
    tree,
    cluster: { version: '1.35', apiVersions: [] },
  })
  await expect(rendering).rejects.toThrow('fetching for sources is turned off: copy it into the repository')
})

describe('remote references are read as Kustomize reads them', () => {
  const cases: Record<string, object> = {
    'https://github.com/org/repo//a/b?ref=v1': {
      repoURL: 'https://github.com/org/repo',
      path: 'a/b',
      targetRevision: 'v1',
    },
    'github.com/org/repo/a/b?ref=v1&timeout=90s': {
      repoURL: 'https://github.com/org/repo',
      path: 'a/b',
      targetRevision: 'v1',
    },
    'https://github.com/org/repo': { repoURL: 'https://github.com/org/repo', path: '', targetRevision: 'HEAD' },
    'git@github.com:org/repo.git//a?ref=x': { repoURL: 'git@github.com:org/repo.git', path: 'a', targetRevision: 'x' },
    'ssh://git@host:22/org/repo.git/a?version=2': {
      repoURL: 'ssh://git@host:22/org/repo.git',
      path: 'a',
      targetRevision: '2',
    },
    'git::https://host/x/y/z.git/deep/er': {
      repoURL: 'https://host/x/y/z.git',
      path: 'deep/er',
      targetRevision: 'HEAD',
    },
    'https://dev.azure.com/o/p/_git/r/k?ref=m': {
      repoURL: 'https://dev.azure.com/o/p/_git/r',
      path: 'k',
      targetRevision: 'm',
    },
  }
  for (const [text, expected] of Object.entries(cases)) {
    test(text, () => expect(parseReference(text)).toEqual({ kind: 'repository', ...expected }))
  }
  test('one file', () => {
    const url = 'https://raw.githubusercontent.com/org/repo/main/crd.yaml'
    expect(parseReference(url)).toEqual({ kind: 'file', url })
  })
})

test('what is rendered is what the program prints', async () => {
  bench.repository.commit({
    ...base,
    'prod/kustomization.yaml': `resources: [../base]
configMapGenerator:
- {name: settings, literals: ["a=1", "b=yes"], files: [motd.txt]}
secretGenerator:
- {name: secret, literals: ["p=x"]}
images: [{name: registry.example/web, newTag: "7"}]
labels: [{pairs: {x: "y"}}]
`,
    'prod/motd.txt': 'line one\nline two\n',
  })
  const { manifests } = await bench.render({ path: 'prod' })
  const [program = '', ...first] = (await tools.kustomize()).command
  const printed = execFileSync(program, [...first, `${bench.repository.path}/prod`], { encoding: 'utf8' })
  const { documents } = await readYaml(printed)
  expect(manifests.map(({ object }) => object)).toEqual(documents.map(({ value }) => value))
})

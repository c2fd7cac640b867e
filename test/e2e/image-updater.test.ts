/** Images of applications are kept at the newest version that their annotations allow, in the spec or in Git. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { annotation, imageUpdaterGroup } from '../../src/model/index.ts'
import { canary, listOf } from './canary.ts'
import { makeAuthority } from './certificates.ts'
import { run } from './command-line.ts'
import { admitsHeader, basicOf, startGitHost } from './git-host.ts'
import { deployment } from './manifests.ts'
import { type Collector, collectedBy, startCollector } from './otlp-collector.ts'
import { declareRepository, trustAuthority } from './registered.ts'
import { dockerRegistry, type RegistryHost, startRegistry } from './registry-host.ts'
import { signIn } from './signed-in.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

if (!dockerRegistry)
  console.warn('SKIPPED: the image updater, since docker-registry is not installed: apt-get install docker-registry')

const prefix = 'argocd-image-updater.argoproj.io/'
const password = canary('pull password')

let collector: Collector
let world: World
let registry: RegistryHost

beforeAll(async () => {
  if (!dockerRegistry) return
  registry = await startRegistry({ username: 'ann', password, tokenSeconds: 60 })
  collector = await startCollector()
  world = await startWorld({}, collectedBy(collector))
  world.secrets.push(password)
  const auths = { [registry.host]: { username: 'ann', password } }
  await world.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/dockerconfigjson',
    metadata: { name: 'pull', namespace: world.controlNamespace },
    stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
  })
  await configure({ interval: '1s' })
})

afterAll(async () => {
  if (!dockerRegistry) return
  await world.stop()
  await collector.close()
  await registry.close()
})

async function configure(data: Record<string, string>): Promise<void> {
  const metadata = { name: 'argocd-image-updater-config', namespace: world.controlNamespace }
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
  await world.client.apply(map, { fieldManager: 'e2e', force: true })
}

let count = 0
/** An image of its own for each test. */
async function image(...tags: string[]) {
  const name = `acme/web${count++}`
  for (const tag of tags) await registry.pushImage(name, tag)
  return {
    name,
    full: `${registry.host}/${name}`,
    push: (tag: string, more = {}) => registry.pushImage(name, tag, more),
  }
}

function kustomized(reference: string): Repository {
  const repository = world.repository({
    'kustomization.yaml': '# All of it.\nresources:\n- web.yaml # the Deployment\n',
    'web.yaml': deployment('web', { image: reference }),
  })
  repository.git('config', 'receive.denyCurrentBranch', 'updateInstead')
  return repository
}

function annotate(app: App, annotations: Record<string, string>) {
  const entries = Object.entries({ 'pull-secret': `pullsecret:${world.controlNamespace}/pull`, ...annotations })
  return app.patch({
    metadata: { annotations: Object.fromEntries(entries.map(([key, text]) => [prefix + key, text])) },
  })
}

const runs = (app: App, reference: string) =>
  app.until(`runs ${reference}`, ({ summary, sync }) => {
    return summary?.images?.join() === reference && sync?.status === 'Synced'
  })

async function events(app: App): Promise<string[]> {
  const all = await listOf(world.client, '', 'Event', world.controlNamespace)
  return (all as unknown as ToldEvent[]).flatMap(({ involvedObject, reason, message }) =>
    involvedObject.name === app.name ? [`${reason}: ${message}`] : [],
  )
}

interface ToldEvent {
  involvedObject: { name: string }
  reason: string
  message: string
}

/** So many rounds that something wrong would have happened. */
async function later(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2500))
  await world.tiphys().imagesLookedAt()
}

test.skipIf(!dockerRegistry)(
  'a newer version in the range gets into the spec and is deployed; one beyond it is not',
  async () => {
    const web = await image('1.0.0')
    const app = await world.application(kustomized(`${web.full}:1.0.0`))
    await app.settled()
    await annotate(app, { 'image-list': `web=${web.full}:^1` })
    await later()
    expect(app.current()?.spec.source?.kustomize).toBeUndefined()
    await web.push('2.0.0')
    await web.push('1.10.0')
    await web.push('1.9.0')
    await runs(app, `${web.full}:1.10.0`)
    expect(app.current()?.spec.source?.kustomize?.images).toEqual([`${web.full}:1.10.0`])
    await later()
    const updates = (await events(app)).filter((text) => text.startsWith('ImagesUpdated'))
    expect(updates).toEqual([`ImagesUpdated: Updated in its spec: ${web.full} from 1.0.0 to 1.10.0`])
    const { api } = await signIn(world)
    const told = () => api.call(routes.applicationSources.images, { params: { name: app.name }, query: {} })
    // By the next round it is known without asking that what runs is the newest.
    await expect.poll(told, { timeout: 20_000 }).toMatchObject({
      items: [
        {
          running: ['1.10.0'],
          newest: '1.10.0',
          state: 'current',
          heldBack: [{ version: '2.0.0', by: 'range' }],
          updated: { from: '1.0.0', to: '1.10.0', at: expect.any(String) },
        },
      ],
      rules: { in: 'annotations' },
      lookedAt: expect.any(String),
      problems: [],
    })
    const write = collector.spans.find(({ name }) => name === 'write to the application')
    const round = collector.spans.find(({ spanId }) => spanId === write?.parentId)
    expect(round).toMatchObject({ name: 'images', parentId: '', attributes: { 'tiphys.applications.written': 1 } })
  },
)

test.skipIf(!dockerRegistry)('a tag that moves is followed by its digest', async () => {
  const web = await image()
  const first = await web.push('main', { created: '2024-01-01T00:00:00Z' })
  const app = await world.application(kustomized(`${web.full}:main`))
  await annotate(app, { 'image-list': `web=${web.full}:main`, 'web.update-strategy': 'digest' })
  await runs(app, `${web.full}:main@${first}`)
  const second = await web.push('main', { created: '2024-01-02T00:00:00Z' })
  expect(second).not.toBe(first)
  await runs(app, `${web.full}:main@${second}`)
})

test.skipIf(!dockerRegistry)('the newest build is told by when images were built, not by their tags', async () => {
  const web = await image()
  await web.push('z', { created: '2024-01-01T00:00:00Z' })
  await web.push('a', { created: '2024-06-01T00:00:00Z' })
  await web.push('b-arm', { created: '2024-07-01T00:00:00Z', platform: 'linux/arm64' })
  const app = await world.application(kustomized(`${web.full}:z`))
  await annotate(app, {
    'image-list': `web=${web.full}`,
    'update-strategy': 'newest-build',
    'web.platforms': 'linux/amd64',
    'web.ignore-tags': '*-arm',
  })
  await runs(app, `${web.full}:a`)
})

test.skipIf(!dockerRegistry)(
  'two applications of one repository get one commit, with a message and the override files',
  async () => {
    const web = await image('1.0.0')
    const files = (folder: string) => ({
      [`${folder}/kustomization.yaml`]: 'resources: [web.yaml]\n',
      [`${folder}/web.yaml`]: deployment('web', { image: `${web.full}:1.0.0` }),
    })
    const repository = world.repository({ ...files('a'), ...files('b') })
    repository.git('config', 'receive.denyCurrentBranch', 'updateInstead')
    const deploy = (path: string) =>
      world.application(repository, { source: { repoURL: repository.url, path, targetRevision: 'main' } })
    const apps = [await deploy('a'), await deploy('b')] as const
    for (const app of apps) await app.settled()
    for (const app of apps) await annotate(app, { 'image-list': `web=${web.full}`, 'write-back-method': 'git' })
    await later()
    const before = repository.git('rev-parse', 'main')
    await web.push('1.1.0')
    for (const app of apps) await runs(app, `${web.full}:1.1.0`)
    await later()
    const [a, b] = apps
    expect(repository.git('rev-list', '--count', `${before}..main`)).toBe('1')
    expect(repository.git('show', '--format=%an|%s', '--name-only', 'main').split('\n').filter(Boolean)).toEqual([
      expect.stringMatching(/^tiphys\|build: automatic update of app-\S+, app-\S+$/),
      `a/.argocd-source-${a.name}.yaml`,
      `b/.argocd-source-${b.name}.yaml`,
    ])
    expect(repository.git('show', '--format=%b', '--no-patch', 'main')).toContain(
      `updates image ${web.name} tag '1.0.0' to '1.1.0'`,
    )
    expect(a.current()?.spec.source?.kustomize).toBeUndefined()
    const { api } = await signIn(world)
    const { items, writtenTo } = await api.call(routes.applicationSources.images, {
      params: { name: a.name },
      query: {},
    })
    const revision = repository.git('rev-parse', 'main')
    expect(items[0]?.updated).toMatchObject({ to: '1.1.0', commit: { branch: 'main', revision } })
    expect(writtenTo).toMatchObject({ in: 'git', branch: 'main', file: `a/.argocd-source-${a.name}.yaml` })
  },
)

test.skipIf(!dockerRegistry)(
  'a private repository is written to with the password of a Secret, which is told nowhere',
  async () => {
    const [reading, writing] = [canary('reading'), canary('writing')]
    world.secrets.push(reading, writing)
    const authority = await makeAuthority()
    await trustAuthority(world, 'localhost', authority.cert)
    const mayWrite = admitsHeader(basicOf('bot', writing))
    const mayRead = admitsHeader(basicOf('reader', reading))
    const host = await startGitHost({
      authority,
      admits: (request) => mayWrite(request) || (mayRead(request) && !request.url?.includes('receive-pack')),
    })
    try {
      const web = await image('1.0.0', '1.1.0')
      const repository = kustomized(`${web.full}:1.0.0`)
      repository.git('config', 'http.receivepack', 'true')
      const repoURL = host.url(repository)
      await declareRepository(world, { url: repoURL, username: 'reader', password: reading })
      const app = await world.application(repository, { source: { repoURL, path: '.', targetRevision: 'main' } })
      await app.settled()
      await annotate(app, { 'image-list': `web=${web.full}`, 'write-back-method': 'git' })
      const refusal = expect.stringMatching(/^ImageUpdateFailed: .*its host refuses the credentials/)
      await expect.poll(() => events(app), { timeout: 20_000 }).toContainEqual(refusal)
      const metadata = { name: world.unique('writer'), namespace: world.controlNamespace }
      const stringData = { username: 'bot', password: writing }
      await world.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData })
      await annotate(app, { 'write-back-method': `git:secret:${metadata.namespace}/${metadata.name}` })
      await runs(app, `${web.full}:1.1.0`)
      expect(repository.git('show', '--format=', '--name-only', 'main')).toBe(`.argocd-source-${app.name}.yaml`)
    } finally {
      await host.close()
    }
  },
)

test.skipIf(!dockerRegistry)(
  'a Kustomization gets the new tag in place, on a branch of its own where one is asked for',
  async () => {
    const web = await image('1.0.0', '1.1.0')
    const repository = kustomized(`${web.full}:1.0.0`)
    const app = await world.application(repository)
    await app.settled()
    await annotate(app, {
      'image-list': `web=${web.full}`,
      'write-back-method': 'git:repocreds',
      'write-back-target': 'kustomization',
      'git-branch': 'main:images-{{ range .Images }}{{ .Alias }}-{{ .NewTag }}{{ end }}',
    })
    const branch = 'images-web-1.1.0'
    await expect.poll(() => repository.git('branch', '--list', branch), { timeout: 20_000 }).toContain(branch)
    expect(repository.git('show', `${branch}:kustomization.yaml`)).toBe(
      `# All of it.\nresources:\n- web.yaml # the Deployment\nimages:\n- name: ${web.full}\n  newTag: 1.1.0`,
    )
    await later()
    expect(repository.git('rev-list', '--count', `main..${branch}`)).toBe('1')
    await annotate(app, { 'git-branch': 'main' })
    await runs(app, `${web.full}:1.1.0`)
  },
)

test.skipIf(!dockerRegistry)(
  'values of a chart are changed where they stand, with the comments around them',
  async () => {
    const web = await image('1.0.0', '1.1.0')
    const values = `# Of production.\nimage:\n  repository: ${web.full}   # ours\n  tag: "1.0.0"   # by the updater\nother: [1,2]\n`
    const template = deployment('web', { image: '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"' })
    const repository = world.repository({
      'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'values.yaml': values,
      'templates/web.yaml': template,
    })
    repository.git('config', 'receive.denyCurrentBranch', 'updateInstead')
    const app = await world.application(repository)
    await app.settled()
    await annotate(app, {
      'image-list': `web=${web.full}`,
      'web.helm.image-name': 'image.repository',
      'web.helm.image-tag': 'image.tag',
      'write-back-method': 'git',
      'write-back-target': 'helmvalues',
    })
    await runs(app, `${web.full}:1.1.0`)
    expect(repository.git('show', 'main:values.yaml')).toBe(values.replace('"1.0.0"', '"1.1.0"').trim())
    await annotate(app, { 'write-back-method': 'argocd' })
    await web.push('1.2.0')
    await runs(app, `${web.full}:1.2.0`)
    expect(app.current()?.spec.source?.helm?.parameters).toEqual([
      { name: 'image.repository', value: web.full, forceString: true },
      { name: 'image.tag', value: '1.2.0', forceString: true },
    ])
  },
)

test.skipIf(!dockerRegistry)(
  'an ImageUpdater says it for applications by their names, and tells how it stands',
  async () => {
    const web = await image('1.0.0')
    const app = await world.application(kustomized(`${web.full}:1.0.0`))
    await app.settled()
    const place = { namespace: world.controlNamespace, name: world.unique('updater') }
    const pullSecret = `pullsecret:${world.controlNamespace}/pull`
    await world.client.create({
      apiVersion: `${imageUpdaterGroup}/v1alpha1`,
      kind: 'ImageUpdater',
      metadata: place,
      spec: {
        commonUpdateSettings: { pullSecret },
        applicationRefs: [{ namePattern: app.name, images: [{ alias: 'web', imageName: `${web.full}:^1` }] }],
      },
    })
    const status = async () =>
      (await world.client.get({ group: imageUpdaterGroup, version: 'v1alpha1', kind: 'ImageUpdater', ...place }))
        ?.status
    await expect.poll(status, { timeout: 20_000 }).toMatchObject({ applicationsMatched: 1, imagesManaged: 1 })
    await web.push('1.1.0')
    await runs(app, `${web.full}:1.1.0`)
    await expect.poll(status, { timeout: 20_000 }).toMatchObject({
      recentUpdates: [{ alias: 'web', newVersion: '1.1.0', applicationsUpdated: 1 }],
      conditions: [{ type: 'Ready', status: 'True' }],
    })
  },
)

test.skipIf(!dockerRegistry)('what an application is pinned to stays', async () => {
  const web = await image('1.0.0', '1.1.0')
  const app = await world.application(kustomized(`${web.full}:1.0.0`))
  await app.settled()
  const pin = JSON.stringify({ id: 0, by: 'e2e', at: new Date().toISOString() })
  await app.patch({ metadata: { annotations: { [annotation.pin]: pin } } })
  await annotate(app, { 'image-list': `web=${web.full}` })
  await later()
  expect(app.current()?.spec.source?.kustomize).toBeUndefined()
  await app.patch({ metadata: { annotations: { [annotation.pin]: null } } })
  await runs(app, `${web.full}:1.1.0`)
})

test.skipIf(!dockerRegistry)(
  'what goes wrong is told once, on the application and in the metrics, and without secrets',
  async () => {
    const web = await image('1.0.0', '1.1.0')
    const app = await world.application(kustomized(`${web.full}:1.0.0`))
    await app.settled()
    await annotate(app, {
      'image-list': `web=${web.full},bad=${web.full}:nonsense`,
      'pull-secret': 'pullsecret:kube-system/x',
    })
    await expect
      .poll(() => events(app), { timeout: 20_000 })
      .toContainEqual(
        expect.stringMatching(
          /^ImageUpdateFailed: .*"nonsense" is no range of versions.*in another namespace than the application/,
        ),
      )
    await later()
    expect((await events(app)).filter((text) => text.startsWith('ImageUpdateFailed'))).toHaveLength(1)
    const { metrics = '' } = await world.said()
    expect(metrics).toMatch(
      new RegExp(`argocd_image_updater_images_errors_total\\{namespace="[^"]*",name="${app.name}"\\} [1-9]`),
    )
  },
)

test.skipIf(!dockerRegistry)('a registry that tells of a push has its image looked at at once', async () => {
  const web = await image('1.0.0')
  const app = await world.application(kustomized(`${web.full}:1.0.0`))
  await app.settled()
  const argocdSecret = {
    group: '',
    version: 'v1',
    kind: 'Secret',
    namespace: world.controlNamespace,
    name: 'argocd-secret',
  }
  const token = canary('harbor')
  world.secrets.push(token)
  await world.client.patch(argocdSecret, { stringData: { 'webhook.harbor.secret': token } }, { type: 'merge' })
  await configure({ interval: '1h' })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await annotate(app, { 'image-list': `web=${web.full}` })
  await later()
  await web.push('1.1.0')
  await later()
  expect(app.current()?.spec.source?.kustomize).toBeUndefined()
  const [namespace, name] = web.name.split('/')
  const body = {
    type: 'PUSH_ARTIFACT',
    event_data: {
      resources: [{ tag: '1.1.0', resource_url: `${web.full}:1.1.0` }],
      repository: { namespace, name, repo_full_name: web.name },
    },
  }
  const answer = await fetch(`${world.tiphys().url}/api/webhook`, {
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
  await runs(app, `${web.full}:1.1.0`)
})

test.skipIf(!dockerRegistry)(
  'what the rules would choose is told over the API and the command line, and nothing is written',
  async () => {
    const web = await image('1.0.0', '1.1.0', '2.0.0')
    const app = await world.application(kustomized(`${web.full}:1.0.0`))
    await app.settled()
    const { api, token } = await signIn(world)
    const imagesOf = (query = {}) => api.call(routes.applicationSources.images, { params: { name: app.name }, query })
    const runs = [{ image: web.full, running: ['1.0.0'] }]
    expect(await imagesOf()).toEqual({ items: runs, problems: [] })
    expect(await imagesOf({ updates: true })).toEqual({ items: runs, problems: [] })
    await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/skip-reconcile': 'true' } } })
    await annotate(app, { 'image-list': `web=${web.full}:^1` })
    const rule = { ...runs[0], alias: 'web', strategy: 'semver', constraint: '^1' }
    const about = { rules: { in: 'annotations' }, writtenTo: { in: 'spec' }, leftAlone: 'skip-reconcile', problems: [] }
    await expect.poll(() => imagesOf()).toEqual({ items: [rule], ...about })
    const heldBack = [{ version: '2.0.0', by: 'range' }]
    expect(await imagesOf({ updates: true })).toEqual({
      items: [{ ...rule, newest: '1.1.0', state: 'outdated', heldBack, proposal: '^2' }],
      lookedAt: expect.any(String),
      ...about,
    })
    const place = ['--server', world.tiphys().url, '--auth-token', token, '--plaintext']
    const environment = { TIPHYS_CONFIG_DIR: '/nonexistent', KUBECONFIG: '/nonexistent' }
    const told = await run(['app', 'images', app.name, ...place, '--updates'], environment)
    expect(told.out).toMatch(/APPLICATION +IMAGE +RUNNING +RULE +NEWEST +STATE/)
    expect(told.out).toMatch(/1\.0\.0 +semver \^1 +1\.1\.0 +outdated +2\.0\.0 \(range\)/)
    expect(told.err).toBe(`${app.name}: nothing is written: it has skip-reconcile\n`)
    const names = await run(['app', 'images', app.name, ...place, '-o', 'name'], environment)
    expect(names.out).toBe(`${web.full}:1.0.0\n`)
    await later()
    expect(app.current()?.spec.source?.kustomize).toBeUndefined()
    expect((await events(app)).filter((text) => text.startsWith('Image'))).toEqual([])
  },
)

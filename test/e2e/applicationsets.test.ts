/** ApplicationSets: applications come, change and go with what generators say, and never by accident. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import type { Application, ApplicationSet } from '../../src/model/index.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let client: SignedIn

beforeAll(async () => {
  world = await startWorld()
  client = await signIn(world)
})
afterAll(() => world.stop())

const within = { timeout: 30_000, interval: 50 }
type Spec = ApplicationSet['spec']

function target(kind: 'ApplicationSet' | 'Application', name: string) {
  return { group: 'argoproj.io', version: 'v1alpha1', kind, namespace: world.controlNamespace, name }
}

const elements = (...names: string[]) => [{ list: { elements: names.map((name) => ({ name })) } }]

function template(name: string): Spec['template'] {
  return {
    metadata: { name, labels: { team: 'shop' } },
    spec: {
      project: 'default',
      source: { repoURL: 'https://git.example.invalid/x', path: '.' },
      destination: { name: 'in-cluster', namespace: 'default' },
    },
  }
}

/** One set, and what there is of it. */
async function createSet(word: string, spec: Partial<Spec> = {}, metadata: object = {}) {
  const name = world.unique(word)
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: world.controlNamespace, ...metadata },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: elements('a', 'b'),
      template: template(`${name}-{{.name}}`),
      ...spec,
    },
  })
  const current = async () => (await world.client.get(target('ApplicationSet', name))) as ApplicationSet | undefined
  const applications = () =>
    world
      .tiphys()
      .applications()
      .filter(({ metadata: { ownerReferences = [], deletionTimestamp } }) => {
        return !deletionTimestamp && ownerReferences.some((owner) => owner.name === name)
      })
  const patch = (change: object) => world.client.patch(target('ApplicationSet', name), change, { type: 'merge' })
  return {
    name,
    current,
    patch,
    change: (changed: Partial<Spec>) => patch({ spec: changed }),
    application: (element: string) => applications().find(({ metadata }) => metadata.name === `${name}-${element}`),
    patchApplication: (element: string, change: object) =>
      world.client.patch(target('Application', `${name}-${element}`), change, {
        type: 'merge',
        fieldManager: 'somebody',
      }),
    names: () =>
      applications()
        .map(({ metadata }) => metadata.name.slice(name.length + 1))
        .sort(),
    async condition(type: string) {
      const found = (await current())?.status?.conditions?.find((one) => one.type === type)
      return found && `${found.status}: ${found.reason}: ${found.message}`
    },
  }
}

test('directories become applications, which come and go with them', async () => {
  const config = (name: string) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } })
  const repository = world.repository({ 'apps/one/c.json': config('one'), 'apps/two/c.json': config('two') })
  const namespace = world.unique('set-target')
  const set = await createSet('dirs', {
    generators: [
      { git: { repoURL: repository.url, revision: 'main', directories: [{ path: 'apps/*' }], requeueAfterSeconds: 1 } },
    ],
  })
  await set.change({
    template: {
      metadata: { name: `${set.name}-{{.path.basename}}` },
      spec: {
        project: 'default',
        source: { repoURL: repository.url, path: '{{.path.path}}', targetRevision: 'main' },
        destination: { name: 'in-cluster', namespace },
        syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
      },
    },
  })
  await expect.poll(set.names, within).toEqual(['one', 'two'])
  await expect.poll(() => set.application('one')?.status?.sync?.status, within).toBe('Synced')
  const one = set.application('one') as Application
  expect(one.metadata.finalizers).toEqual(['resources-finalizer.argocd.argoproj.io'])
  expect(one.spec.source?.path).toBe('apps/one')
  repository.commit({ 'apps/three/c.json': config('three'), 'apps/one/c.json': null })
  await expect.poll(set.names, within).toEqual(['three', 'two'])
  await expect.poll(() => set.condition('ResourcesUpToDate'), within).toMatch(/^True: ApplicationSetUpToDate/)
  const listed = async () => (await set.current())?.status?.resources?.map(({ name, status }) => [name, status])
  await expect.poll(listed, within).toEqual(['three', 'two'].map((name) => [`${set.name}-${name}`, 'Synced']))
  const configMap = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'one' }
  await expect.poll(() => world.client.get(configMap), within).toBeUndefined()
  await world.client.delete({ group: '', version: 'v1', kind: 'Namespace', namespace: '', name: namespace })
})

test('a changed template changes the applications, and what somebody else has changed is put right', async () => {
  const set = await createSet('change', { preservedFields: { labels: ['kept'] } })
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  await set.patchApplication('a', {
    metadata: {
      labels: { kept: 'k', team: 'other', more: 'm' },
      annotations: { 'argocd.argoproj.io/refresh': 'normal' },
    },
    spec: { source: { path: 'elsewhere' } },
  })
  await expect.poll(() => set.application('a')?.metadata.labels, within).toEqual({ kept: 'k', team: 'shop' })
  expect(set.application('a')?.spec.source?.path).toBe('.')
  await set.change({ templatePatch: 'spec:\n  revisionHistoryLimit: {{ len .name }}' })
  await expect.poll(() => set.application('b')?.spec.revisionHistoryLimit, within).toBe(1)
  await world.client.delete(target('Application', `${set.name}-b`))
  await expect.poll(() => set.application('b')?.spec.revisionHistoryLimit, within).toBe(1)
})

test('fields that do not count stay as somebody has set them', async () => {
  const set = await createSet('ignore', {
    ignoreApplicationDifferences: [
      { jsonPointers: ['/spec/source/targetRevision'] },
      { name: 'nobody', jqPathExpressions: ['.spec.source.path'] },
    ],
  })
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  await set.patchApplication('a', { spec: { source: { targetRevision: 'other', path: 'elsewhere' } } })
  const source = () => [set.application('a')?.spec.source?.targetRevision, set.application('a')?.spec.source?.path]
  await expect.poll(source, within).toEqual(['other', '.'])
})

test('a generator that fails, or a template, deletes nothing', async () => {
  const set = await createSet('fails')
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  await set.change({ generators: [...elements('a'), { git: { repoURL: '/nowhere', directories: [{ path: '*' }] } }] })
  await expect
    .poll(() => set.condition('ErrorOccurred'), within)
    .toMatch(
      /^True: ApplicationParamsGenerationError: spec.generators\[1\]: .*nowhere.*-b is not generated now, and kept/,
    )
  expect(set.names()).toEqual(['a', 'b'])
  await set.change({ generators: [{ list: { elements: [{ name: 'a' }, { other: 'x' }] } }] })
  await expect
    .poll(() => set.condition('ParametersGenerated'), within)
    .toMatch(/^False: ErrorOccurred: .*map has no entry/)
  expect(set.names()).toEqual(['a', 'b'])
  await set.change({ generators: elements('a') })
  await expect.poll(set.names, within).toEqual(['a'])
  await expect.poll(() => set.condition('ErrorOccurred'), within).toMatch(/^False/)
})

test('that nothing is generated any more, or far less, waits for somebody’s word', async () => {
  const set = await createSet('many', { generators: elements('a', 'b', 'c', 'd', 'e', 'f') })
  await expect.poll(set.names, within).toHaveLength(6)
  await set.change({ generators: elements() })
  await expect
    .poll(() => set.condition('ErrorOccurred'), within)
    .toMatch(
      /^True: DeletionNeedsApproval: the applications .*-a.* and 1 more are no longer generated, and not deleted yet/,
    )
  await set.change({ generators: elements('a', 'b') })
  await expect.poll(() => set.condition('ErrorOccurred'), within).toMatch(/these are 4 of 6 applications/)
  expect(set.names()).toHaveLength(6)
  const [, key = '', approval] =
    /(tiphys\.dev\/approve-deletion)=([0-9a-f]+)/.exec((await set.condition('ErrorOccurred')) ?? '') ?? []
  await set.patch({ metadata: { annotations: { [key]: 'of-something-else' } } })
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(set.names()).toHaveLength(6)
  await set.patch({ metadata: { annotations: { [key]: approval } } })
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  await expect.poll(() => set.condition('ResourcesUpToDate'), within).toMatch(/^True/)
})

test.each<[string, Partial<Spec>, string[], RegExp]>([
  ['equal names', { generators: elements('a', 'b', 'b') }, ['a'], /2 applications have the name "[^"]*-b"/],
  ['names that are none', { generators: elements('a', 'B_c') }, ['a'], /"[^"]*-B_c": a name has lower case letters/],
  [
    'a cluster that is not known',
    { templatePatch: 'spec:\n  destination:\n    name: {{ eq .name "a" | ternary "nowhere" "in-cluster" }}' },
    ['b'],
    /-a": the destination cluster nowhere is not known/,
  ],
  [
    'a text where a number belongs',
    { templatePatch: '{{if eq .name "a"}}{spec: {revisionHistoryLimit: "many"}}{{end}}' },
    ['b'],
    /-a": spec.revisionHistoryLimit must be integer/,
  ],
])('%s are told, and the others are made', async (_, spec, names, message) => {
  const set = await createSet('faults', spec)
  await expect.poll(set.names, within).toEqual(names)
  await expect.poll(() => set.condition('ErrorOccurred'), within).toMatch(message)
  expect(await set.condition('ErrorOccurred')).toMatch(/^True: ApplicationValidationError/)
  await world.client.delete(target('ApplicationSet', set.name))
  await expect.poll(set.names, within).toEqual([])
})

test('a project is whatever the template says, and no other set’s or project’s application is taken over', async () => {
  const first = await createSet('first')
  await expect.poll(first.names, within).toEqual(['a', 'b'])
  const second = await createSet('second', { template: template(`${first.name}-{{.name}}`) })
  await expect
    .poll(() => second.condition('ErrorOccurred'), within)
    .toMatch(new RegExp(`belongs to the ApplicationSet ${first.name}`))
  expect(second.names()).toEqual([])
  const foreign = template(`${first.name}-foreign`)
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: `${first.name}-foreign`, namespace: world.controlNamespace },
    spec: { ...foreign.spec, project: 'theirs' },
  })
  await first.change({ generators: elements('a', 'b', 'foreign') })
  await expect
    .poll(() => first.condition('ErrorOccurred'), within)
    .toMatch(/in the project theirs, which is not taken over/)
})

test('a repository is read as far as the project permits it, and signed where it asks for that', async () => {
  const repository = world.repository({ 'one/x': '' })
  const project = world.unique('strict')
  const reads = (sourceRepos: string[], more: object = {}) =>
    world.client.apply(
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name: project, namespace: world.controlNamespace },
        spec: { sourceRepos, destinations: [{ server: '*', namespace: '*' }], ...more },
      },
      { fieldManager: 'e2e' },
    )
  await reads(['https://git.example.invalid/*'])
  const base = template(`${project}-{{.path.basename}}`)
  const set = await createSet('permitted', {
    generators: [{ git: { repoURL: repository.url, revision: 'main', directories: [{ path: '*' }] } }],
    template: { ...base, spec: { ...base.spec, project } },
  })
  await expect.poll(() => set.condition('ErrorOccurred'), within).toMatch(/does not permit the repository/)
  await reads(['*'], { signatureKeys: [{ keyID: '4AEE18F83AFDEB23' }] })
  await expect.poll(() => set.condition('ErrorOccurred'), within).toMatch(/asks for signed commits/)
  await reads(['*'])
  await expect.poll(() => set.condition('ErrorOccurred'), within).toMatch(/^False/)
  expect(
    world
      .tiphys()
      .applications()
      .some(({ metadata }) => metadata.name === `${project}-one`),
  ).toBe(true)
})

test('a policy says what may be done', async () => {
  const set = await createSet('policy', { syncPolicy: { applicationsSync: 'create-only' } })
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  await set.change({ generators: elements('a', 'c'), templatePatch: 'spec:\n  revisionHistoryLimit: 3' })
  await expect.poll(set.names, within).toEqual(['a', 'b', 'c'])
  expect(set.application('a')?.spec.revisionHistoryLimit).toBeUndefined()
  expect(set.application('c')?.spec.revisionHistoryLimit).toBe(3)
  await set.change({ syncPolicy: { applicationsSync: 'create-update' } })
  await expect.poll(() => set.application('a')?.spec.revisionHistoryLimit, within).toBe(3)
  expect(set.names()).toEqual(['a', 'b', 'c'])
})

test('applications go with their set, but for those that its policy keeps', async () => {
  const goes = await createSet('goes')
  const stays = await createSet(
    'stays',
    { syncPolicy: { applicationsSync: 'create-update', preserveResourcesOnDeletion: true } },
    { finalizers: ['resources-finalizer.argocd.argoproj.io'] },
  )
  await expect.poll(goes.names, within).toEqual(['a', 'b'])
  await expect.poll(stays.names, within).toEqual(['a', 'b'])
  expect(stays.application('a')?.metadata.finalizers).toBeUndefined()
  await world.client.delete(target('ApplicationSet', goes.name))
  await world.client.delete(target('ApplicationSet', stays.name))
  await expect.poll(stays.current, within).toBeUndefined()
  const there = (name: string) => world.client.get(target('Application', name))
  await expect.poll(() => there(`${goes.name}-a`), within).toBeUndefined()
  expect((await there(`${stays.name}-a`))?.metadata.ownerReferences ?? []).toEqual([])
})

test('clusters come and go by their Secrets', async () => {
  const env = world.unique('env')
  const secret = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: world.controlNamespace, labels: { 'argocd.argoproj.io/secret-type': 'cluster', env } },
    stringData: { name, server: `https://${name}.example.invalid`, config: '{}' },
  })
  const set = await createSet('clusters', { generators: [{ clusters: { selector: { matchLabels: { env } } } }] })
  await world.client.create(secret('east'))
  await expect.poll(set.names, within).toEqual(['east'])
  await world.client.create(secret('west'))
  await expect.poll(set.names, within).toEqual(['east', 'west'])
  await world.client.delete({
    group: '',
    version: 'v1',
    kind: 'Secret',
    namespace: world.controlNamespace,
    name: 'west',
  })
  await expect.poll(set.names, within).toEqual(['east'])
})

test('a push that is told of is followed at once, to the branch that is read', async () => {
  const url = 'https://git.example.invalid/team/folders.git'
  const repository = world.repository({ 'one/x': '' })
  const set = await createSet('pushed', {
    generators: [{ git: { repoURL: repository.url, revision: 'main', directories: [{ path: '*' }] } }],
    template: template('{{.path.basename}}'),
  })
  await set.change({ template: template(`${set.name}-{{.path.basename}}`) })
  await expect.poll(set.names, within).toEqual(['one'])
  const push = async (ref: string, address: string) => {
    const answer = await fetch(`${world.tiphys().url}/api/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
      body: JSON.stringify({
        ref,
        before: 'a'.repeat(40),
        after: 'b'.repeat(40),
        repository: { html_url: address, clone_url: address, default_branch: 'main' },
        commits: [],
      }),
    })
    expect(answer.status).toBe(200)
  }
  repository.commit({ 'two/x': '' })
  await push('refs/heads/main', url)
  await push('refs/heads/other', repository.url)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(set.names()).toEqual(['one'])
  await push('refs/heads/main', repository.url)
  await expect.poll(set.names, within).toEqual(['one', 'two'])
})

test('nothing is written when nothing has changed, neither after a restart', async () => {
  const set = await createSet('quiet')
  await expect.poll(() => set.condition('ResourcesUpToDate'), within).toMatch(/^True/)
  await expect.poll(() => set.application('b')?.status?.conditions?.length, within).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const versions = async () => [
    (await set.current())?.metadata.resourceVersion,
    (await world.client.get(target('Application', `${set.name}-a`)))?.metadata.generation,
  ]
  const before = await versions()
  await world.restart()
  client = await signIn(world)
  await set.patch({ metadata: { labels: { touched: 'yes' } } })
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const after = await versions()
  expect(after[1]).toEqual(before[1])
  expect((await set.current())?.metadata.generation).toBe(1)
})

test('what a set would make is shown before it is one', async () => {
  const wanted: ApplicationSet = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'preview' },
    spec: { goTemplate: true, generators: elements('x', 'y'), template: template('preview-{{.name}}') },
  }
  const generate = (applicationSet: ApplicationSet) =>
    client.api.call(routes.applicationSets.generate, { body: { applicationSet } })
  const { applications } = await generate(wanted)
  expect(applications.map(({ metadata }) => metadata.name)).toEqual(['preview-x', 'preview-y'])
  const dry = await client.api.call(routes.applicationSets.create, { body: wanted, query: { dryRun: true } })
  expect(dry.status?.resourcesCount).toBe(2)
  const wrong = { ...wanted, spec: { ...wanted.spec, template: template('{{.missing | required "say it"}}') } }
  await expect(generate(wrong)).rejects.toMatchObject({ status: 400 })
})

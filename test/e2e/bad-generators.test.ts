/** Generators that fail: the set says so without its secrets, no application goes, and other sets and applications go on. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApplicationSet } from '../../src/model/index.ts'
import { canary } from './canary.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { type Neighbour, startNeighbour } from './endures.ts'
import { admitsHeader, basicOf, type GitHost, startGitHost } from './git-host.ts'
import { declareRepository, trustAuthority } from './registered.ts'
import { startWorld, type World } from './world.ts'

type Spec = ApplicationSet['spec']

const within = { timeout: 30_000, interval: 50 }
const token = canary('token of a generator').replaceAll(/[ "/]/g, '-')
const password = canary('password')
let world: World
let neighbour: Neighbour
let authority: Authority
let server: Server
let host: GitHost
let base: string
/** By the first part of the path. */
const answers: Record<string, RequestListener> = {}

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, place = '', ...rest] = (request.url ?? '').split('/')
    request.url = `/${rest.join('/')}`
    const answer = answers[place]
    if (answer) answer(request, response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  authority = await makeAuthority()
  host = await startGitHost({ authority, admits: admitsHeader(basicOf('ann', password)) })
  world = await startWorld()
  world.secrets.push(token, password)
  await trustAuthority(world, 'localhost', authority.cert)
  const metadata = { namespace: world.controlNamespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } }
  await world.client.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, name: 'argocd-cmd-params-cm' },
    data: { 'applicationsetcontroller.allowed.scm.providers': `${base}/*,${base}/hub,${base}/lab` },
  })
  await world.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, name: 'generator-tokens' },
    stringData: { token },
  })
  for (const [name, requestTimeout] of [
    ['plugin', '3'],
    ['other', '3'],
  ] as const) {
    await world.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, name },
      data: { baseUrl: `${base}/${name}`, token: '$generator-tokens:token', requestTimeout },
    })
  }
  neighbour = await startNeighbour(world)
})
afterAll(async () => {
  await world.stop()
  await host.close()
  server.closeAllConnections()
  server.close()
})

async function createSet(word: string, generators: Spec['generators'], templated = '{{.name}}') {
  const name = world.unique(word)
  const target = {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'ApplicationSet',
    namespace: world.controlNamespace,
    name,
  }
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: world.controlNamespace },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators,
      template: {
        metadata: { name: `${name}-${templated}` },
        spec: {
          project: 'default',
          source: { repoURL: 'https://git.example.invalid/x', path: '.' },
          destination: { name: 'in-cluster', namespace: 'default' },
        },
      },
    },
  })
  const names = () =>
    world
      .tiphys()
      .applications()
      .filter(({ metadata: { ownerReferences = [], deletionTimestamp } }) => {
        return !deletionTimestamp && ownerReferences.some((owner) => owner.name === name)
      })
      .map(({ metadata }) => metadata.name.slice(name.length + 1))
      .sort()
  return {
    names,
    change: (spec: Partial<Spec>) => world.client.patch(target, { spec }, { type: 'merge' }),
    async trouble() {
      const found = ((await world.client.get(target)) as ApplicationSet).status?.conditions
      const error = found?.find(({ type }) => type === 'ErrorOccurred')
      return error?.status === 'True' ? (error.message ?? '') : ''
    },
  }
}

const json =
  (content: unknown): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content))
const status =
  (code: number, text = ''): RequestListener =>
  (_request, response) =>
    void response.writeHead(code).end(text)

const giteaRepositories: RequestListener = (request, response) => {
  if (request.headers.authorization !== `token ${token}`) return status(401)(request, response)
  const address = new URL(request.url ?? '/', base)
  const isList = address.pathname.endsWith('/orgs/acme/repos') && (address.searchParams.get('page') ?? '1') === '1'
  const repository = (name: string, id: number) => ({
    id,
    name,
    ssh_url: `git@git.example.invalid:acme/${name}.git`,
    html_url: `https://git.example.invalid/acme/${name}`,
    default_branch: 'main',
  })
  if (isList) return json([repository('a', 1), repository('b', 2)])(request, response)
  if (/\/branches\/main$/.test(address.pathname))
    return json({ name: 'main', commit: { id: 'c'.repeat(40) } })(request, response)
  return json([])(request, response)
}
const pluginOutput = json({ output: { parameters: [{ name: 'a' }, { name: 'b' }] } })

const gitea = (place: string): Spec['generators'] => [
  {
    scmProvider: {
      gitea: { api: `${base}/${place}`, owner: 'acme', tokenRef: { secretName: 'generator-tokens', key: 'token' } },
      requeueAfterSeconds: 1,
    },
  } as never,
]
const plugin = (name: string): Spec['generators'] => [
  { plugin: { configMapRef: { name }, requeueAfterSeconds: 1 } } as never,
]

interface Failure {
  what: string
  place: string
  good: RequestListener
  generators(): Spec['generators']
  templated?: string
  bad: RequestListener
  says: RegExp[]
}

const failures: Failure[] = [
  {
    what: 'a Git host that does not take the token',
    place: 'hub',
    good: giteaRepositories,
    generators: () => gitea('hub'),
    templated: '{{.repository}}',
    bad: status(401),
    says: [/127\.0\.0\.1:\d+\/hub\/\S+ answers 401/, /the token is not valid: look at tokenRef/],
  },
  {
    what: 'a Git host that fails, and repeats the token',
    place: 'lab',
    good: giteaRepositories,
    generators: () => gitea('lab'),
    templated: '{{.repository}}',
    bad: status(500, `no luck with token ${token} today`),
    says: [/answers 500: no luck with token \++ today/, /check whether the host is well/],
  },
  {
    what: 'a plugin that never answers',
    place: 'plugin',
    good: pluginOutput,
    generators: () => plugin('plugin'),
    bad: () => {},
    says: [/127\.0\.0\.1:\d+\/plugin\/\S+ did not come in full within 3 s/, /check whether/],
  },
  {
    what: 'a plugin that refuses, and repeats the token',
    place: 'other',
    good: pluginOutput,
    generators: () => plugin('other'),
    bad: status(403, `what is ${token}?`),
    says: [/the plugin at \S+ answers 403/, /check its log, and its token/],
  },
]

test.each(failures)('$what', async ({ place, good, generators, templated, bad, says }) => {
  answers[place] = good
  const set = await createSet(place, generators(), templated)
  const other = await createSet(`${place}-other`, [{ list: { elements: [{ name: 'x' }] } }])
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  answers[place] = bad
  for (const part of says) await expect.poll(set.trouble, within).toMatch(part)
  await goOn(other)
  expect(set.names()).toEqual(['a', 'b'])
  answers[place] = good
  await expect.poll(set.trouble, within).toBe('')
})

test('a repository that is refused', async () => {
  const repository = world.repository({ 'a/x': '', 'b/x': '' })
  const url = host.url(repository)
  const secret = await declareRepository(world, { url, username: 'ann', password })
  const git = { repoURL: url, revision: 'main', directories: [{ path: '*' }], requeueAfterSeconds: 1 }
  const set = await createSet('git', [{ git }], '{{.path.basename}}')
  const other = await createSet('git-other', [{ list: { elements: [{ name: 'x' }] } }])
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  const wrong = canary('wrong password')
  world.secrets.push(wrong)
  await declareRepository(world, { url, username: 'ann', password: wrong }, { name: secret })
  for (const part of [/refuses the credentials that are registered for it: renew them/, /localhost:\d+/]) {
    await expect.poll(set.trouble, within).toMatch(part)
  }
  await goOn(other)
  expect(set.names()).toEqual(['a', 'b'])
})

test('a template without end', async () => {
  const set = await createSet('endless', [{ list: { elements: [{ name: 'a' }, { name: 'b' }] } }])
  const other = await createSet('endless-other', [{ list: { elements: [{ name: 'x' }] } }])
  await expect.poll(set.names, within).toEqual(['a', 'b'])
  const endless = '{{define "t"}}{{template "t" .}}{{end}}{{template "t" .}}'
  await set.change({ templatePatch: endless })
  await expect
    .poll(set.trouble, within)
    .toMatch(/nested more than \d+ levels deep: look for a loop or a recursion that does not end/)
  await goOn(other)
  expect(set.names()).toEqual(['a', 'b'])
  await set.change({ templatePatch: '{{range $i := until 100000000}}x{{end}}' })
  await expect.poll(set.trouble, within).toMatch(/template: applicationset:.*(until|steps|longer than|more than)/)
  await neighbour.goesOn()
  expect(set.names()).toEqual(['a', 'b'])
})

/** Another set makes what it is told to, and an application is deployed, as soon as ever. */
async function goOn(other: Awaited<ReturnType<typeof createSet>>): Promise<void> {
  await other.change({ generators: [{ list: { elements: [{ name: 'x' }, { name: 'y' }] } }] })
  await expect.poll(other.names, { timeout: 10_000, interval: 50 }).toEqual(['x', 'y'])
  expect(await other.trouble()).toBe('')
  await neighbour.goesOn()
}

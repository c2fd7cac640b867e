/** Private repositories over HTTPS: how one proves oneself, whom one trusts, and what goes wrong. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canary } from './canary.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import {
  admitsCertificate,
  admitsHeader,
  basicOf,
  type GitHost,
  type GitHostOptions,
  startGitHost,
} from './git-host.ts'
import { declareRepository, trustAuthority, withdraw } from './registered.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let authority: Authority
const hosts: GitHost[] = []
const password = canary('password')
const files = { 'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {a: "1"}\n' }

beforeAll(async () => {
  authority = await makeAuthority()
  world = await startWorld()
  world.secrets.push(password)
  await trustAuthority(world, 'localhost', authority.cert)
})
afterAll(async () => {
  await world.stop()
  for (const host of hosts) await host.close()
})

async function host(options: Partial<GitHostOptions> = {}): Promise<GitHost> {
  const started = await startGitHost({ authority, ...options })
  hosts.push(started)
  return started
}

async function failing(app: App, pattern: RegExp): Promise<void> {
  await app.until(`fails with ${pattern}`, ({ conditions = [] }) =>
    conditions.some(({ type, message }) => type === 'ComparisonError' && pattern.test(message)),
  )
}

async function deployed(
  admits: GitHost['admits'],
  fields: Record<string, string>,
  options: Partial<GitHostOptions> = {},
) {
  const started = await host({ admits, ...options })
  const repository = world.repository(files)
  const url = started.url(repository)
  const secret = await declareRepository(world, { url, ...fields })
  const app = await world.application({ ...repository, url })
  await app.settled(repository.git('rev-parse', 'HEAD'))
  return { app, repository, url, secret, host: started }
}

test('a repository is read with the name and password of its Secret, and again when they change, without a restart', async () => {
  const {
    app,
    repository,
    url,
    secret,
    host: started,
  } = await deployed(admitsHeader(basicOf('ann', password)), {
    username: 'ann',
    password,
  })
  const renewed = canary('renewed password')
  world.secrets.push(renewed)
  started.admits = admitsHeader(basicOf('ann', renewed))
  const commit = repository.commit({ 'more.yaml': files['config.yaml'].replaceAll('config', 'more') })
  await failing(app, /refuses the credentials that are registered for it: renew them/)
  expect(await app.live('ConfigMap', 'config')).toMatchObject({ data: { a: '1' } })
  await declareRepository(world, { url, username: 'ann', password: renewed }, { name: secret })
  await app.settled(commit)
  expect(app.status().conditions ?? []).toEqual([])
})

test('a bearer token, a client certificate, and credentials in the address do as well', async () => {
  const token = canary('token').replaceAll(/[ "/]/g, '-')
  world.secrets.push(token)
  await deployed(admitsHeader(`Bearer ${token}`), { bearerToken: token })
  const { cert, key } = await authority.client('tiphys')
  await deployed(admitsCertificate, { tlsClientCertData: cert, tlsClientCertKey: key }, { asksForCertificates: true })
  const started = await host({ admits: admitsHeader(basicOf('eve', 'word in the address')) })
  const repository = world.repository(files)
  const url = started.url(repository).replace('https://', 'https://eve:word%20in%20the%20address@')
  const app = await world.application({ ...repository, url })
  await app.settled()
})

test('credentials are shared by all repositories below an address, the longest first, unless one has its own', async () => {
  const started = await host({ admits: admitsHeader(basicOf('team', password)) })
  const repository = world.repository(files)
  const url = started.url(repository)
  const base = `https://localhost:${started.port}`
  const wide = await declareRepository(world, { url: base, username: 'all', password }, { kind: 'repo-creds' })
  const app = await world.application({ ...repository, url })
  await failing(app, /refuses the credentials/)
  const shared = await declareRepository(
    world,
    { url: url.slice(0, -5), username: 'team', password },
    { kind: 'repo-creds' },
  )
  await app.settled()
  expect(started.heard).toContain(basicOf('all', password))
  for (const name of [wide, shared]) await withdraw(world, name)
  await failing(app, /private or does not exist/)
  await declareRepository(world, { url, username: 'team', password })
  await app.until('is well again', ({ conditions = [] }) => conditions.length === 0)
})

test('what one project may read with its credentials, another cannot, not even from what was copied', async () => {
  const started = await host({ admits: admitsHeader(basicOf('shop', password)) })
  const repository = world.repository(files)
  const url = started.url(repository)
  const spec = {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  }
  for (const name of ['shop', 'bank']) {
    const metadata = { name, namespace: world.controlNamespace }
    await world.client.create({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata, spec })
  }
  await declareRepository(world, { url, username: 'shop', password, project: 'shop' })
  const shop = await world.application({ ...repository, url }, { project: 'shop' })
  const commit = repository.git('rev-parse', 'HEAD')
  await shop.settled(commit)
  const pinned = { repoURL: url, path: '.', targetRevision: commit }
  const bank = await world.application({ ...repository, url }, { project: 'bank', source: pinned })
  await failing(bank, /private or does not exist/)
  await declareRepository(world, { url, username: 'bank', password: 'wrong word', project: 'bank' })
  await failing(bank, /refuses the credentials/)
})

test('a remote base is read with shared credentials only where the project permits it, also when it has been copied', async () => {
  const started = await host({ admits: admitsHeader(basicOf('all', password)) })
  const open = await host()
  const base = { 'kustomization.yaml': 'resources: [config.yaml]\n', ...files }
  const [secret, everybodys] = [world.repository(base), world.repository(base)]
  const [secretUrl, openUrl] = [started.url(secret), open.url(everybodys)]
  const own = world.repository({ 'kustomization.yaml': `resources: ["${secretUrl}//.?ref=main"]\n` })
  const url = started.url(own)
  await declareRepository(
    world,
    { url: `https://localhost:${started.port}`, username: 'all', password },
    { kind: 'repo-creds' },
  )
  const project = (name: string, sourceRepos: string[]) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: world.controlNamespace },
    spec: {
      sourceRepos,
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  })
  const put = (name: string, sourceRepos: string[]) =>
    world.client.apply(project(name, sourceRepos), { fieldManager: 'e2e', force: true })
  await put('narrow', [url])
  await put('wide', [url, secretUrl])
  const wide = await world.application({ ...own, url }, { project: 'wide' })
  await wide.settled()
  const narrow = await world.application({ ...own, url }, { project: 'narrow' })
  const withheld =
    /its credentials were not used: the project narrow does not permit the repository .*: add it to its sourceRepos/
  await failing(narrow, withheld)
  await put('narrow', [url, secretUrl])
  await narrow.until('has what it may have now', ({ conditions = [] }) => conditions.length === 0)
  await put('narrow', [url, secretUrl, `!${secretUrl}`])
  await failing(narrow, /its credentials were not used: .*its sourceRepos deny it/)
  own.commit({ 'kustomization.yaml': `resources: ["${openUrl}//.?ref=main"]\n` })
  await narrow.until('what is open to all is read', ({ conditions = [] }) => conditions.length === 0)
  expect(open.heard.join('')).toBe('')
})

test('a host whose certificate is wrong is not read from, and it is said why; insecure turns the check off', async () => {
  const expired = await host({ until: new Date(Date.now() - 86_400_000) })
  const repository = world.repository(files)
  const url = expired.url(repository)
  const app = await world.application({ ...repository, url })
  await failing(app, /certificate has expired \(.*\)/)
  await declareRepository(world, { url, insecure: 'true' })
  await app.settled()
  const unknown = await startGitHost({ authority: await makeAuthority() })
  hosts.push(unknown)
  const other = await world.application({ ...repository, url: unknown.url(repository) })
  await failing(other, /signed by an authority that is not trusted .* add its authority to argocd-tls-certs-cm/)
})

test('a redirect to another host gets no credentials, and is not followed', async () => {
  const thief = await host()
  const started = await host({
    admits: admitsHeader(basicOf('ann', password)),
    answers: ({ url }, response) =>
      response.writeHead(302, { location: `https://localhost:${thief.port}${url}` }).end(),
  })
  const repository = world.repository(files)
  const url = started.url(repository)
  thief.url(repository)
  await declareRepository(world, { url, username: 'ann', password })
  const app = await world.application({ ...repository, url })
  await failing(app, /answers with a redirect, which is not followed/)
  expect(thief.heard).toEqual([])
})

test('a tag that is moved is followed, and what other applications run is not touched by one that fails', async () => {
  const started = await host({ admits: admitsHeader(basicOf('ann', password)) })
  const repository = world.repository(files)
  repository.git('tag', 'stable')
  const url = started.url(repository)
  await declareRepository(world, { url, username: 'ann', password })
  const source = { repoURL: url, path: '.', targetRevision: 'stable' }
  const app = await world.application({ ...repository, url }, { source })
  await app.settled(repository.git('rev-parse', 'stable'))
  const broken = await world.application({ ...repository, url: `https://localhost:${started.port}/none/.git` })
  const moved = repository.commit({ 'config.yaml': files['config.yaml'].replace('"1"', '"2"') })
  repository.git('tag', '--force', 'stable')
  await app.settled(moved)
  expect(await app.live('ConfigMap', 'config')).toMatchObject({ data: { a: '2' } })
  await failing(broken, /private or does not exist/)
})

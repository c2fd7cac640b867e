/** Repositories and their credentials through the REST API, in the Secrets that Argo CD keeps them in. */
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import type { KubeObject } from '../../src/model/index.ts'
import { makeAuthority } from './certificates.ts'
import { basicOf, type GitHost, startGitHost } from './git-host.ts'
import { declareRepository } from './registered.ts'
import { type SignedIn, signIn, spellingsOf } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let client: SignedIn
let host: GitHost
const canary = 'canary-of-the-repositories'

beforeAll(async () => {
  world = await startWorld()
  client = await signIn(world)
  const passwords = [`${canary}`, `${canary}-2`]
  const isRight = ({ headers: { authorization = '' } }: IncomingMessage): boolean =>
    passwords.some((word) => ['ann', 'bob', 'eve'].some((name) => authorization === basicOf(name, word)))
  host = await startGitHost({ authority: await makeAuthority(), admits: isRight })
})
afterAll(async () => {
  await world.stop()
  await host.close()
})

async function secrets(type: string): Promise<{ name: string; data: Record<string, string>; secret: KubeObject }[]> {
  const resource = (await world.client.apiResources()).find('', 'Secret')
  const found = []
  if (!resource) throw new Error('no Secrets')
  for await (const secret of world.client.list(resource, { namespace: world.controlNamespace })) {
    if (secret.metadata.labels?.['argocd.argoproj.io/secret-type'] !== type) continue
    const entries = Object.entries(secret.data as Record<string, string>)
    const data = Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
    found.push({ name: secret.metadata.name, data, secret })
  }
  return found
}

test('a repository is registered in a Secret of Argo CD, shown without its credentials, changed and forgotten', async () => {
  const repo = host.url(world.repository({}))
  const body = { repo, username: 'ann', password: canary, githubAppID: 0, insecure: true, shard: null }
  expect(await client.api.call(routes.repositories.create, { body })).toEqual({ repo, type: 'git' })
  const [kept] = await secrets('repository')
  expect(kept).toMatchObject({
    name: expect.stringMatching(/^repo-\d+$/),
    data: { url: repo, username: 'ann', password: canary, insecure: 'true' },
  })
  expect(kept?.secret.metadata.annotations).toEqual({ 'managed-by': 'argocd.argoproj.io' })
  expect(kept?.data).not.toHaveProperty('githubAppID')
  const shown = await client.api.call(routes.repositories.get, { params: { repo } })
  expect(shown).toMatchObject({ repo, type: 'git', username: 'ann', insecure: true })
  expect(shown.connectionState).toMatchObject({ status: 'Successful', message: '' })
  await expect(
    client.api.call(routes.repositories.create, { body: { repo, username: 'bob', password: 'x' } }),
  ).rejects.toThrow(/upsert/)
  await client.api.call(routes.repositories.create, {
    body: { repo, username: 'bob', password: canary, insecure: true },
    query: { upsert: true },
  })
  await client.api.call(routes.repositories.update, {
    params: { repo },
    body: { username: 'eve', password: `${canary}-2` },
  })
  expect((await secrets('repository'))[0]?.data).toMatchObject({
    username: 'eve',
    password: `${canary}-2`,
    insecure: 'false',
  })
  await client.api.call(routes.repositories.delete, { params: { repo } })
  expect(await secrets('repository')).toEqual([])
  await expect(client.api.call(routes.repositories.get, { params: { repo } })).rejects.toMatchObject({
    status: 403,
    code: 7,
  })
})

test('a repository that somebody else has declared is adopted, and let go of rather than deleted', async () => {
  const metadata = {
    name: 'declared',
    namespace: world.controlNamespace,
    labels: { 'argocd.argoproj.io/secret-type': 'repository' },
  }
  const stringData = {
    url: 'git@git.example.invalid:team/app.git',
    sshPrivateKey: canary,
    project: 'default',
    depth: '3',
    enableLfs: 'true',
  }
  await world.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData })
  const repo = 'ssh://git@git.example.invalid/team/app'
  await expect
    .poll(() => client.api.call(routes.repositories.get, { params: { repo } }).catch(() => undefined))
    .toMatchObject({ repo: stringData.url, project: 'default', depth: 3, enableLfs: true })
  await client.api.call(routes.repositories.delete, { params: { repo }, query: { appProject: 'default' } })
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: world.controlNamespace, name: 'declared' }
  expect((await world.client.get(target))?.metadata.labels ?? {}).toEqual({})
  expect((await client.api.call(routes.repositories.list, {})).items).toEqual([])
})

test('credentials count for the repositories whose address begins alike, the longest first', async () => {
  const add = (url: string, username: string) =>
    client.api.call(routes.repositoryCredentials.create, {
      body: { url, username, password: canary, azureServicePrincipalTenantId: 't' },
    })
  await add('https://git.example.invalid/', 'all')
  await add('https://git.example.invalid/team/', 'team')
  const creds = await secrets('repo-creds')
  expect(creds.map(({ data }) => data)).toEqual(
    expect.arrayContaining([
      {
        url: 'https://git.example.invalid/team/',
        username: 'team',
        password: canary,
        azureServicePrincipalTenantID: 't',
      },
    ]),
  )
  const repo = 'https://git.example.invalid/team/shop'
  await declareRepository(world, { url: repo })
  await expect
    .poll(() => client.api.call(routes.repositories.get, { params: { repo } }).catch(() => undefined))
    .toBeDefined()
  expect(await client.api.call(routes.repositories.get, { params: { repo } })).toMatchObject({
    username: 'team',
    inheritedCreds: true,
  })
  const { items } = await client.api.call(routes.repositoryCredentials.list, {})
  expect(items).toEqual(expect.arrayContaining([{ url: 'https://git.example.invalid/team/', username: 'team' }]))
  await client.api.call(routes.repositoryCredentials.delete, { params: { url: 'https://git.example.invalid/team/' } })
  expect(await client.api.call(routes.repositories.get, { params: { repo } })).toMatchObject({ username: 'all' })
  await client.api.call(routes.repositories.delete, { params: { repo } })
})

test('the credentials for pushing are kept apart from those for reading', async () => {
  const repo = host.url(world.repository({}))
  await expect(client.api.call(routes.writeRepositories.create, { body: { repo } })).rejects.toThrow(
    /needs credentials/,
  )
  await client.api.call(routes.writeRepositories.create, {
    body: { repo, username: 'ann', password: canary, insecure: true },
  })
  expect((await secrets('repository-write'))[0]?.name).toMatch(/^repo-write-\d+$/)
  expect((await client.api.call(routes.repositories.list, {})).items).toEqual([])
  expect((await client.api.call(routes.writeRepositories.list, {})).items).toEqual([
    expect.objectContaining({ repo, username: 'ann' }),
  ])
  await client.api.call(routes.writeRepositoryCredentials.create, {
    body: { url: 'https://git.example.invalid/', password: canary },
  })
  expect(await secrets('repo-write-creds')).toHaveLength(1)
})

test('what is in a repository can be looked at', async () => {
  const repository = world.repository({
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'charts/web/values.yaml': 'image: {tag: v1}\nhosts: [a, b]\n',
    'charts/web/values-prod.yaml': 'image: {tag: v2}\n',
    'kustomized/kustomization.yaml': 'resources: [pod.yaml]\n',
    'kustomized/pod.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: "web:1"}]}\n',
    'plain/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  })
  repository.git('tag', 'v1.0.0')
  const repo = repository.url
  await client.api.call(routes.repositories.create, { body: { repo, type: 'git' } })
  const shown = await client.api.call(routes.repositories.get, { params: { repo }, query: { forceRefresh: true } })
  expect(shown.connectionState).toMatchObject({ status: 'Successful', message: '' })
  expect(await client.api.call(routes.repositories.refs, { params: { repo } })).toEqual({
    branches: ['main'],
    tags: ['v1.0.0'],
  })
  const query = { appProject: 'default', appName: 'new', revision: 'main' }
  expect((await client.api.call(routes.repositories.apps, { params: { repo }, query })).items).toEqual([
    { path: 'charts/web', type: 'Helm' },
    { path: 'kustomized', type: 'Kustomize' },
  ])
  const details = (path: string, helm?: object) =>
    client.api.call(routes.repositories.appDetails, {
      params: { repo },
      body: {
        appName: 'new',
        appProject: 'default',
        source: { repoURL: repo, path, targetRevision: 'main', ...(helm && { helm }) },
      },
    })
  expect(await details('charts/web', { valueFiles: ['values-prod.yaml'] })).toMatchObject({
    type: 'Helm',
    helm: {
      valueFiles: ['values-prod.yaml', 'values.yaml'],
      parameters: [
        { name: 'image.tag', value: 'v2' },
        { name: 'hosts[0]', value: 'a' },
        { name: 'hosts[1]', value: 'b' },
      ],
    },
  })
  expect(await details('plain')).toEqual({ type: 'Directory', directory: {} })
  expect(await details('kustomized')).toEqual({ type: 'Kustomize', kustomize: { images: ['web:1'] } })
})

test('a repository that is not there is refused, by its address alone when it cannot be one', async () => {
  const create = (repo: string) => client.api.call(routes.repositories.create, { body: { repo } })
  await expect(create('/nowhere/at/all')).rejects.toThrow(/cannot read \/nowhere/)
  await expect(create('--upload-pack=touch /tmp/x')).rejects.toMatchObject({ status: 400 })
  await expect(create('ext::sh -c date')).rejects.toMatchObject({ status: 400 })
  const validate = client.api.call(routes.repositories.validate, {
    params: { repo: '/nowhere' },
    query: { password: canary },
    body: '/nowhere',
  })
  await expect(validate).rejects.toThrow(/cannot read \/nowhere: it does not exist/)
})

test('a repository is only registered with credentials that open it, and it is said what is wrong with others', async () => {
  const repo = host.url(world.repository({}))
  const create = (more: object) =>
    client.api.call(routes.repositories.create, { body: { repo, username: 'ann', ...more } })
  await expect(create({ password: canary })).rejects.toThrow(/signed by an authority that is not trusted/)
  await expect(create({ insecure: true })).rejects.toThrow(/private or does not exist/)
  await expect(create({ insecure: true, password: 'wrong word' })).rejects.toThrow(/refuses the credentials/)
  await expect(create({ insecure: true, gcpServiceAccountKey: '{}' })).rejects.toThrow(
    /Google service accounts are not supported/,
  )
  const validate = (password: string) =>
    client.api.call(routes.repositories.validate, {
      params: { repo },
      query: { username: 'ann', insecure: true },
      body: { password } as never,
    })
  await expect(validate('wrong word')).rejects.toThrow(/refuses the credentials/)
  expect(await validate(canary)).toEqual({})
})

test('no answer holds a credential', () => {
  for (const spelling of spellingsOf(canary)) expect(client.answers.join('\n')).not.toContain(spelling)
})

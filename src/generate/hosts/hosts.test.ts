import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { ApplicationSet } from '../../model/index.ts'
import { openDownloader } from '../../source/download.ts'
import { type HostServer, startHostServer } from '../fixtures/host-server.ts'
import { noGit, noPlugin } from '../fixtures/no-host.ts'
import { openGenerators } from '../generators/evaluate.ts'
import type { GeneratorContext } from '../generators/generator.ts'
import type { PluginSettings } from '../generators/inputs.ts'
import { textFiller } from '../text/text-filler.ts'
import { HostApis } from './host-api.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Options {
  allowed?: string[]
  isEnabled?: boolean
  goTemplate?: boolean
  plugin?: PluginSettings
}

/** Parameters of one entry, with a token `t0ken`; `clock.now` is the time. */
function open({ allowed = [], isEnabled = true, goTemplate = true, plugin }: Options = {}) {
  const downloader = openDownloader({ allowLocal: true })
  closing.push(() => downloader.close())
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
  const http: GeneratorContext['inputs']['host']['http'] = ({ url, headers, body }) =>
    body === undefined
      ? downloader.get(url, { headers, limit: 1e6 })
      : downloader.post(url, body, { headers, limit: 1e6 })
  const apis = new HostApis(http, () => clock.now)
  const generators = openGenerators()
  const context: GeneratorContext = {
    set: { metadata: { name: 'set', namespace: 'argocd' } } as ApplicationSet,
    filler: textFiller({ goTemplate }),
    inputs: {
      clusterSecrets: () => [],
      git: noGit,
      host: {
        settings: () => ({ isEnabled, allowed }),
        token: async () => 't0ken',
        open: (access) => apis.open(access),
        http,
      },
      plugin: async () => plugin ?? noPlugin('plugin'),
    },
    notOlderThan: 0,
    signal: new AbortController().signal,
  }
  return { clock, parameters: (entry: object) => generators.parameters(entry as Record<string, unknown>, context) }
}

async function serve(authorization: string, answers: Record<string, unknown>): Promise<HostServer> {
  const server = await startHostServer(authorization, answers)
  closing.push(server.close)
  return server
}

const tokenRef = { secretName: 'token', key: 'token' }
const sha = (letter: string) => letter.repeat(40)

const hosts: Record<
  string,
  { authorization: string; pulls: Record<string, unknown>; spec: object; repositories: Record<string, unknown> }
> = {
  github: {
    authorization: 'Bearer t0ken',
    spec: { organization: 'org', owner: 'org', repo: 'shop' },
    repositories: {
      '/api/v3/orgs/org/repos': ['shop', 'blog', 'old'].map((name, id) => ({
        id,
        name,
        owner: { login: 'org' },
        ssh_url: `git@host:org/${name}.git`,
        clone_url: `https://host/org/${name}.git`,
        default_branch: 'main',
        archived: name === 'old',
        topics: name === 'shop' ? ['gitops', 'web'] : [],
      })),
      '/api/v3/repos/org/shop/branches/main': { name: 'main', commit: { sha: sha('a') } },
      '/api/v3/repos/org/blog/branches/main': { name: 'main', commit: { sha: sha('b') } },
      '/api/v3/repos/org/shop/contents/deploy/kustomization.yaml': { type: 'file' },
    },
    pulls: {
      '/api/v3/repos/org/shop/pulls': [1, 2, 3].map((number) => ({
        number,
        title: `Change ${number}`,
        head: { ref: `Feature/A_${number}`, sha: sha(String(number)) },
        base: { ref: number === 3 ? 'release' : 'main' },
        labels: number === 2 ? [] : [{ name: 'preview' }],
        user: { login: 'somebody' },
      })),
    },
  },
  gitlab: {
    authorization: 'Bearer t0ken',
    spec: { group: 'org', project: 'org/shop', excludeArchivedRepos: undefined },
    repositories: {
      '/api/v4/groups/org/projects': ['shop', 'blog'].map((path, id) => ({
        id: id + 7,
        path,
        namespace: { full_path: 'org' },
        ssh_url_to_repo: `git@host:org/${path}.git`,
        http_url_to_repo: `https://host/org/${path}.git`,
        default_branch: 'main',
        topics: path === 'shop' ? ['gitops', 'web'] : [],
      })),
      '/api/v4/projects/7/repository/branches/main': { name: 'main', commit: { id: sha('a') } },
      '/api/v4/projects/8/repository/branches/main': { name: 'main', commit: { id: sha('b') } },
      '/api/v4/projects/7/repository/files/deploy%2Fkustomization.yaml': { file_name: 'kustomization.yaml' },
    },
    pulls: {
      '/api/v4/projects/org%2Fshop/merge_requests': [1, 3].map((number) => ({
        iid: number,
        title: `Change ${number}`,
        source_branch: `Feature/A_${number}`,
        target_branch: number === 3 ? 'release' : 'main',
        sha: sha(String(number)),
        labels: ['preview'],
        author: { username: 'somebody' },
      })),
    },
  },
  gitea: {
    authorization: 'token t0ken',
    spec: { owner: 'org', repo: 'shop' },
    repositories: {
      '/api/v1/orgs/org/repos': ['shop', 'blog', 'old'].map((name, id) => ({
        id,
        name,
        ssh_url: `git@host:org/${name}.git`,
        html_url: `https://host/org/${name}`,
        default_branch: 'main',
        archived: name === 'old',
      })),
      '/api/v1/repos/org/shop/labels': [{ name: 'gitops' }, { name: 'web' }],
      '/api/v1/repos/org/blog/labels': [],
      '/api/v1/repos/org/shop/branches/main': { name: 'main', commit: { id: sha('a') } },
      '/api/v1/repos/org/blog/branches/main': { name: 'main', commit: { id: sha('b') } },
      '/api/v1/repos/org/shop/contents/deploy/kustomization.yaml': { type: 'file' },
    },
    pulls: {
      '/api/v1/repos/org/shop/pulls': [1, 2, 3].map((number) => ({
        number,
        title: `Change ${number}`,
        head: { ref: `Feature/A_${number}`, sha: sha(String(number)) },
        base: { ref: number === 3 ? 'release' : 'main' },
        labels: number === 2 ? [] : [{ name: 'preview' }],
        user: { login: 'somebody' },
      })),
    },
  },
}

test.each(Object.keys(hosts))('%s: the repositories of an organization, over all pages', async (name) => {
  const { authorization, repositories, spec } = hosts[name] as (typeof hosts)[string]
  const server = await serve(authorization, repositories)
  const { parameters } = open({ allowed: [server.url] })
  const host = { ...spec, api: server.url, tokenRef, ...(name !== 'gitlab' && { excludeArchivedRepos: true }) }
  const ask = (more: object) => parameters({ scmProvider: { [name]: host, ...more } })
  const all = await ask({ values: { v: '{{.repository}}' } })
  expect(all.map(({ repository, sha: commit, values }) => [repository, commit, values])).toEqual([
    ['shop', sha('a'), { v: 'shop' }],
    ['blog', sha('b'), { v: 'blog' }],
  ])
  expect(all[0]).toMatchObject({
    organization: 'org',
    url: 'git@host:org/shop.git',
    branch: 'main',
    branchNormalized: 'main',
    short_sha: 'aaaaaaaa',
    short_sha_7: 'aaaaaaa',
    labels: 'gitops,web',
  })
  const full = server.counts.full
  const filters = [{ labelMatch: '^git' }, { pathsExist: ['deploy/kustomization.yaml'] }]
  const some = await ask({ filters, cloneProtocol: 'https' })
  expect(some.map(({ url }) => url)).toEqual([expect.stringMatching(/^https:\/\/host\/org\/shop/)])
  // Only the path was new: all else had not changed.
  expect(server.counts.full).toBe(full + 1)
  expect(await ask({ filters: [{ repositoryMatch: 'o$' }] })).toEqual([])
  expect(
    await ask({ filters: [{ branchMatch: 'main', pathsDoNotExist: ['deploy/kustomization.yaml'] }] }),
  ).toHaveLength(1)
})

test.each(Object.keys(hosts))('%s: pull requests, over all pages', async (name) => {
  const { authorization, pulls, spec } = hosts[name] as (typeof hosts)[string]
  const server = await serve(authorization, pulls)
  const { parameters } = open({ allowed: [`${server.url}/`] })
  const host = { ...spec, api: server.url, tokenRef, labels: ['preview'] }
  const found = await parameters({ pullRequest: { [name]: host } })
  expect(found.map(({ number }) => number)).toEqual(['1', '3'])
  expect(found[0]).toEqual({
    number: '1',
    title: 'Change 1',
    branch: 'Feature/A_1',
    branch_slug: 'feature-a-1',
    target_branch: 'main',
    target_branch_slug: 'main',
    head_sha: sha('1'),
    head_short_sha: '11111111',
    head_short_sha_7: '1111111',
    author: 'somebody',
    labels: ['preview'],
  })
  const filters = [{ targetBranchMatch: '^release$', titleMatch: '3' }]
  expect((await parameters({ pullRequest: { [name]: host, filters } })).map(({ number }) => number)).toEqual(['3'])
})

test('a host that has had enough is left alone until it says', async () => {
  const { authorization, pulls, spec } = hosts.github as (typeof hosts)[string]
  const server = await serve(authorization, pulls)
  const { parameters, clock } = open({ allowed: [server.url] })
  const entry = { pullRequest: { github: { ...spec, api: server.url, tokenRef } } }
  server.refuse = {
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(clock.now / 1000 + 600) },
  }
  await expect(parameters(entry)).rejects.toMatchObject({
    message: expect.stringContaining('takes no more requests until 2026-01-01T00:10:00Z'),
    retry: true,
  })
  server.refuse = undefined
  await expect(parameters(entry)).rejects.toThrow(/takes no more requests/)
  clock.now += 601_000
  expect(await parameters(entry)).toHaveLength(3)
  server.refuse = { status: 429, headers: { 'retry-after': '30' } }
  await expect(parameters(entry)).rejects.toThrow(/until 2026-01-01T00:10:31Z/)
})

test.each<[string, object, Options, RegExp]>([
  [
    'a token for somebody’s own host',
    { api: 'https://evil.example.com', tokenRef },
    {},
    /no token is sent to https:\/\/evil/,
  ],
  [
    'a host that is not listed',
    { api: 'https://evil.example.com' },
    { allowed: ['https://git.example.com'] },
    /allowed.scm.providers/,
  ],
  ['an address of another scheme', { api: 'file:///etc/passwd' }, {}, /no http or https address/],
  ['what is switched off', {}, { isEnabled: false }, /enable.scm.providers/],
  ['an app of GitHub', { appSecretName: 'app' }, {}, /appSecretName is not supported/],
])('%s is refused before anything is asked', async (_, given, options, message) => {
  const { parameters } = open(options)
  await expect(parameters({ pullRequest: { github: { owner: 'o', repo: 'r', ...given } } })).rejects.toThrow(message)
})

test('a repository that is not there fails, unless it may be missing; a bad token always does, and is not told', async () => {
  const server = await serve('Bearer t0ken', {})
  const { parameters } = open({ allowed: [server.url] })
  const github = { owner: 'org', repo: 'gone', api: server.url, tokenRef }
  await expect(parameters({ pullRequest: { github } })).rejects.toThrow(/repository org\/gone is not there/)
  expect(await parameters({ pullRequest: { github, continueOnRepoNotFoundError: true } })).toEqual([])
  const strict = await serve('Bearer other', {})
  const refused = open({ allowed: [strict.url] }).parameters({
    pullRequest: { github: { ...github, api: strict.url }, continueOnRepoNotFoundError: true },
  })
  await expect(refused).rejects.toThrow(/answers 401: the token is not valid/)
  await expect(refused).rejects.not.toThrow(/t0ken/)
  await expect(parameters({ pullRequest: { bitbucket: {} } })).rejects.toThrow(/names bitbucket as its host/)
})

test('a plugin is asked as Argo CD asks it', async () => {
  const asked: unknown[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    asked.push([
      request.method,
      request.url,
      request.headers.authorization,
      JSON.parse(Buffer.concat(chunks).toString()),
    ])
    response.end(JSON.stringify({ output: { parameters: [{ name: 'a', deep: { x: 1 } }] } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const plugin = { baseUrl, token: 'secret', timeLimitMs: 1000 }
  const entry = {
    plugin: {
      configMapRef: { name: 'p' },
      input: { parameters: { k: 'v' } },
      values: { v: '{{.name}}-{{.generator.input.parameters.k}}' },
    },
  }
  expect(await open({ plugin }).parameters(entry)).toEqual([
    { name: 'a', deep: { x: 1 }, generator: { input: { parameters: { k: 'v' } } }, values: { v: 'a-v' } },
  ])
  const plain = await open({ plugin, goTemplate: false }).parameters({ plugin: { configMapRef: { name: 'p' } } })
  expect(plain).toMatchObject([{ name: 'a', 'deep.x': '1' }])
  expect(asked[0]).toEqual([
    'POST',
    '/api/v1/getparams.execute',
    'Bearer secret',
    { applicationSetName: 'set', input: { parameters: { k: 'v' } } },
  ])
})

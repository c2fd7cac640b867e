import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { packTar, type TarEntry } from 'modern-tar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDirectory, type TestDirectory } from './fixtures/repository.ts'
import { openSources, type Sources } from './sources.ts'

let cache: TestDirectory
let sources: Sources
let servers: Server[]
let now: number

beforeEach(() => {
  now = 1_000_000
  servers = []
  cache = makeDirectory()
  sources = openSources({ cacheDir: cache.path, allowLocal: true, clock: { now: () => now } })
})
afterEach(async () => {
  await sources.close()
  for (const server of servers) server.closeAllConnections()
  for (const server of servers) server.close()
  cache.remove()
})

async function pack(files: Record<string, string>, links: Record<string, string> = {}): Promise<Buffer> {
  const entries: TarEntry[] = Object.entries(files).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), type: 'file' },
    body,
  }))
  for (const [name, linkname] of Object.entries(links))
    entries.push({ header: { name, linkname, size: 0, type: 'symlink' } })
  return gzipSync(await packTar(entries))
}

/** Serves what is in the map; notes what was asked for. */
async function serve(content: Record<string, string | Buffer>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const body = content[path]
    if (body === undefined) response.writeHead(404).end()
    else response.end(body)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

test('a chart of an HTTP repository is found by constraint, fetched once and read', async () => {
  const archive = await pack({ 'demo/Chart.yaml': 'name: demo\n', 'demo/templates/x.yaml': 'x' })
  const index = `entries:
  demo:
  - {version: 1.2.0, urls: [charts/demo.tgz], digest: ${sha256(archive)}}
  - {version: 1.3.0-rc.1, urls: [x.tgz]}
  - {version: 0.9.0, urls: [x.tgz]}
`
  const { url, asked } = await serve({ '/stable/index.yaml': index, '/stable/charts/demo.tgz': archive })
  const source = { repoURL: `${url}/stable`, chart: 'demo', targetRevision: '1.x' }
  const { revision } = await sources.resolve(source)
  expect(revision).toBe('1.2.0')
  const [tree] = await Promise.all([sources.tree(source, revision), sources.tree(source, revision)])
  expect([...(await tree.list('')).keys()]).toEqual(['Chart.yaml', 'templates'])
  expect((await tree.read('templates/x.yaml')).toString()).toBe('x')
  expect(asked.filter((path) => path.endsWith('.tgz'))).toHaveLength(1)
  const restarted = openSources({ cacheDir: cache.path, allowLocal: true, clock: { now: () => now } })
  await restarted.tree(source, revision)
  expect(asked.filter((path) => path.endsWith('.tgz'))).toHaveLength(1)
  await restarted.close()
})

test('an index that lacks the chart or the version, or is none, says what to do', async () => {
  const { url } = await serve({
    '/index.yaml': 'entries: {demo: [{version: 1.0.0, urls: [gone.tgz]}]}',
    '/no/index.yaml': '<html>',
  })
  const source = { repoURL: url, chart: 'demo', targetRevision: '1.0.0' }
  await expect(sources.resolve({ ...source, targetRevision: '2.x' })).rejects.toThrow('no version of chart demo in')
  await expect(sources.resolve({ ...source, chart: 'other', targetRevision: '*' })).rejects.toThrow(
    'has no chart other: check chart (it has demo)',
  )
  await expect(sources.tree(source, '3.0.0')).rejects.toThrow('has no version 3.0.0: check targetRevision')
  await expect(sources.tree(source, '1.0.0')).rejects.toThrow('gone.tgz answers 404')
  const elsewhere = { ...source, repoURL: `${url}/nowhere`, targetRevision: '*' }
  await expect(sources.resolve(elsewhere)).rejects.toThrow(
    'answers 404: check that repoURL is the address of a Helm repository',
  )
  await expect(sources.resolve({ ...elsewhere, repoURL: `${url}/no` })).rejects.toThrow('is not an index of charts')
})

test('an archive that is damaged, too large, or reaches out of itself is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))
  const archives = {
    bad: Buffer.from('no archive'),
    bomb,
    out: await pack({ 'out/../../../etc/x': 'x' }),
    linked: await pack({ 'linked/Chart.yaml': 'x' }, { 'linked/passwd': '/etc/passwd' }),
    other: await pack({ 'other/Chart.yaml': 'x' }),
  }
  const entry = (name: string): string =>
    `  ${name}: [{version: 1.0.0, urls: [${name}.tgz]${name === 'other' ? ', digest: "00"' : ''}}]\n`
  const index = `entries:\n${Object.keys(archives).map(entry).join('')}`
  const { url } = await serve({
    '/index.yaml': index,
    ...Object.fromEntries(Object.entries(archives).map(([name, body]) => [`/${name}.tgz`, body])),
  })
  const tree = (chart: string) => sources.tree({ repoURL: url, chart }, '1.0.0')
  await expect(tree('bad')).rejects.toThrow('is no usable archive')
  await expect(tree('bomb')).rejects.toThrow('it unpacks to more than')
  await expect(tree('out')).rejects.toThrow('leads out of it')
  await expect(tree('other')).rejects.toThrow('is not what the index promises')
  await expect((await tree('linked')).read('passwd')).rejects.toThrow('leads out of the repository')
})

test('a chart of an OCI registry is read without credentials, and its digest is checked', async () => {
  const archive = await pack({ 'demo/Chart.yaml': 'name: demo\n' })
  const layer = {
    mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    digest: `sha256:${sha256(archive)}`,
  }
  const registry = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    if (pathname === '/token') response.end('{"token":"anonymous"}')
    else if (request.headers.authorization !== 'Bearer anonymous') {
      const realm = `http://${request.headers.host}/token`
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="s",scope="repository:org/demo:pull"` })
        .end()
    } else if (pathname === '/v2/org/demo/tags/list') response.end('{"tags":["1.0.0","1.1.0_build","latest"]}')
    else if (pathname === '/v2/org/demo/manifests/1.1.0_build') response.end(JSON.stringify({ layers: [layer] }))
    else if (pathname === '/v2/org/demo/manifests/1.0.0')
      response.end(JSON.stringify({ layers: [{ mediaType: 'image' }] }))
    else if (pathname === `/v2/org/demo/blobs/${layer.digest}`) response.end(archive)
    else response.writeHead(404).end()
  })
  servers.push(registry)
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
  const repoURL = `127.0.0.1:${(registry.address() as AddressInfo).port}/org`
  const source = { repoURL, chart: 'demo', targetRevision: '>=1.0' }
  const { revision } = await sources.resolve(source)
  expect(revision).toBe('1.1.0+build')
  expect((await (await sources.tree(source, revision)).read('Chart.yaml')).toString()).toBe('name: demo\n')
  expect((await sources.resolve({ ...source, repoURL: `oci://${repoURL}` })).revision).toBe(revision)
  await expect(sources.tree(source, '1.0.0')).rejects.toThrow('is not a Helm chart')
  await expect(sources.tree(source, '9.0.0')).rejects.toThrow('answers 404: check repoURL, chart and targetRevision')
})

test('a redirect or a name that leads to this machine is refused where local is not allowed', async () => {
  const strict = openSources({ cacheDir: cache.path, allowLocal: false, clock: { now: () => now } })
  await expect(strict.resolve({ repoURL: 'http://127.0.0.1:1', chart: 'x', targetRevision: '*' })).rejects.toThrow(
    '--allow-local',
  )
  await expect(strict.resolve({ repoURL: 'localhost:1/x', chart: 'x', targetRevision: '*' })).rejects.toThrow(
    '--allow-local',
  )
  await expect(strict.referredBy('').download('http://169.254.169.254/latest/meta-data')).rejects.toThrow(
    '--allow-local',
  )
  await expect(strict.referredBy('').download('file:///etc/passwd')).rejects.toThrow('is not an http or https address')
  const local = { proxy: 'http://ann:word@127.0.0.1:3128' }
  for (const repoURL of ['https://git.example.com/a', 'ssh://git@127.0.0.1/a', 'https://169.254.169.254/a']) {
    await expect(strict.test(repoURL, { type: 'git', ...local })).rejects.toThrow(/--allow-local|proxy for SSH/)
  }
  await expect(strict.test('https://charts.example.com', { type: 'helm', ...local })).rejects.toThrow('--allow-local')
  await expect(strict.test('https://charts.example.com', { type: 'helm', ...local })).rejects.not.toThrow('word')
  await strict.close()
})

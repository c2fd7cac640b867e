/** Archives and indexes that somebody has made to do harm: they are told of, nothing of them is deployed, and nobody else waits. */
import { gzipSync } from 'node:zlib'
import { packTar, type TarEntry } from 'modern-tar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packed, packedChart } from './archives.ts'
import { canary } from './canary.ts'
import type { Authority } from './certificates.ts'
import { endures, type Neighbour, startStage } from './endures.ts'
import { admitsHeader, basicOf, type GitHost, startGitHost } from './git-host.ts'
import { configMap } from './manifests.ts'
import { declareRepository } from './registered.ts'
import { dockerRegistry, type RegistryHost, startRegistry } from './registry-host.ts'
import type { World } from './world.ts'

if (!dockerRegistry) console.warn('SKIPPED: bad archives of registries, since docker-registry is not installed')

let world: World
let neighbour: Neighbour
let authority: Authority
const hosts: (GitHost | RegistryHost)[] = []
const password = canary('password')

beforeAll(async () => {
  ;({ world, authority, neighbour } = await startStage(password))
})
afterAll(async () => {
  await world.stop()
  for (const host of hosts) await host.close()
})

interface Evil {
  what: string
  content(): Promise<Buffer>
  says: RegExp[]
}

const chart = { 'demo/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.1.0\n' }

async function archive(files: Record<string, string>, others: TarEntry[]): Promise<Buffer> {
  const entries: TarEntry[] = Object.entries(files).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), type: 'file' },
    body,
  }))
  return gzipSync(await packTar([...entries, ...others]))
}

const link = (name: string, linkname: string): TarEntry => ({ header: { name, linkname, size: 0, type: 'symlink' } })
const file = (name: string, body = ''): TarEntry => ({
  header: { name, size: Buffer.byteLength(body), type: 'file' },
  body,
})
const nextStep = /tell whoever publishes it, and name another version in targetRevision/

const evils: Evil[] = [
  {
    what: 'a path that leads out of it',
    content: () => archive(chart, [file('demo/../../../../tmp/tiphys-was-here', 'x')]),
    says: [/no usable archive/, /"demo\/\.\.\/\.\.\/\.\.\/\.\.\/tmp\/tiphys-was-here" leads out of it/, nextStep],
  },
  {
    what: 'an absolute path',
    content: () => archive(chart, [file('/etc/cron.d/tiphys-was-here', 'x')]),
    says: [/no usable archive/, /cron\.d\/tiphys-was-here" leads out of it/, nextStep],
  },
  {
    what: 'a link to a file of this machine among its templates',
    content: () => archive(chart, [link('demo/templates/passwd.yaml', '/etc/passwd')]),
    says: [/templates\/passwd\.yaml \(a symbolic link to \/etc\/passwd\) leads out of/, /remove the link/],
  },
  {
    what: 'a link to a folder of this machine',
    content: () => archive(chart, [link('demo/templates', '../../../../etc')]),
    says: [/templates \(a symbolic link to \.\.\/\.\.\/\.\.\/\.\.\/etc\) leads out of/, /remove the link/],
  },
  {
    what: 'more than anybody unpacks',
    content: async () => gzipSync(Buffer.alloc(200 * 1024 ** 2)),
    says: [/no usable archive/, /it unpacks to more than 128 MB/, nextStep],
  },
  {
    what: 'more files than anybody needs',
    content: () =>
      archive(
        chart,
        Array.from({ length: 41_000 }, (_, at) => file(`demo/files/${at}`)),
      ),
    says: [/no usable archive/, /it has more than \d+ entries/, nextStep],
  },
  {
    what: 'folders without end',
    content: () => archive(chart, [file(`demo/${'a/'.repeat(20_000)}x`)]),
    says: [/no usable archive/, /nested/, nextStep],
  },
  {
    what: 'nothing that is an archive',
    content: async () => Buffer.from('<html>Down for maintenance</html>'.repeat(100)),
    says: [/no usable archive/, nextStep],
  },
  {
    what: 'a template without end',
    content: () =>
      packed({ ...chart, 'demo/templates/a.yaml': '{{ define "t" }}{{ include "t" . }}{{ end }}{{ include "t" . }}' }),
    says: [/templates\/a\.yaml:1/, /nested reference name: t/, /correct what includes or calls itself/],
  },
]

test.each(evils)('a chart with $what', async ({ content, says }) => {
  const archives: Record<string, Buffer> = { '/1.0.0.tgz': await packedChart('demo', '1.0.0') }
  const host = await startGitHost({
    authority,
    admits: admitsHeader(basicOf('ann', password)),
    answers({ url = '' }, response) {
      const versions = Object.keys(archives).map((path) => path.slice(1, -4))
      const items = versions.map((version) => `{version: ${version}, urls: [${version}.tgz]}`)
      if (url === '/index.yaml') response.end(`entries: {demo: [${items.join()}]}`)
      else response.end(archives[url])
    },
  })
  hosts.push(host)
  const url = `https://localhost:${host.port}`
  await declareRepository(world, { url, type: 'helm', username: 'ann', password })
  const source = { repoURL: url, chart: 'demo', targetRevision: '1.*' }
  const app = await world.application({ url } as never, { source })
  await app.settled()
  const evil = await content()
  const spoil = () => Object.assign(archives, { '/1.1.0.tgz': evil })
  const said = await endures(neighbour, { app, says, spoil })
  expect(said).not.toMatch(/root:|node:internal|RangeError/)
  // Whoever publishes it has put it right.
  archives['/1.2.0.tgz'] = await packedChart('demo', '1.2.0')
  await app.settled('1.2.0')
})

const artifactLayer = 'application/vnd.oci.image.layer.v1.tar+gzip'

test.skipIf(!dockerRegistry).each(evils.slice(0, -1))('an artifact with $what', async ({ content, says }) => {
  const registry = await startRegistry({ username: 'ann', password })
  hosts.push(registry)
  const good = await packed({ 'demo/config.yaml': configMap('config') })
  await registry.push('apps/shop', 'stable', { mediaType: artifactLayer, content: good })
  const url = `oci://${registry.host}/apps/shop`
  await declareRepository(world, { url, type: 'oci', username: 'ann', password })
  const directory = { recurse: true }
  const source = { repoURL: url, path: 'demo', targetRevision: 'stable', directory }
  const app = await world.application({ url } as never, { source })
  await app.settled()
  const evil = await content()
  const spoil = () => registry.push('apps/shop', 'stable', { mediaType: artifactLayer, content: evil })
  const said = await endures(neighbour, { app, says: [says[0] as RegExp], spoil })
  expect(said).not.toMatch(/root:|node:internal|RangeError/)
  await registry.push('apps/shop', 'stable', { mediaType: artifactLayer, content: good })
  await app.settled()
})

/** As helm writes it. */
function indexOf(versions: number): string {
  const item = (number: number) => `  - apiVersion: v2
    created: "2024-01-01T00:00:00.000000000Z"
    description: A chart that does many things for many people in many ways, and says so at some length here.
    digest: ${'a'.repeat(64)}
    home: https://charts.example.com
    keywords: [one, two, three]
    maintainers: [{email: ann@example.com, name: ann}]
    name: other
    urls: [https://charts.example.com/other-0.${number}.0.tgz]
    version: 0.${number}.0
`
  return `  other:\n${Array.from({ length: versions }, (_, number) => item(number)).join('')}`
}

test('an index of 50 MB is read while others go on, and a larger one is told', async () => {
  const archives: Record<string, Buffer> = {}
  for (const version of ['1.0.0', '1.1.0']) archives[`/demo-${version}.tgz`] = await packedChart('demo', version)
  const versions = ['1.0.0']
  let others = indexOf(Math.round(50_000_000 / indexOf(1).length))
  const own = () => versions.map((version) => `  - {version: ${version}, urls: [demo-${version}.tgz]}\n`).join('')
  const host = await startGitHost({
    authority,
    answers: ({ url = '' }, response) =>
      response.end(url === '/index.yaml' ? `apiVersion: v1\nentries:\n${others}  demo:\n${own()}` : archives[url]),
  })
  hosts.push(host)
  const repoURL = `https://localhost:${host.port}`
  const source = { repoURL, chart: 'demo', targetRevision: '1.*' }
  const app = await world.application({ url: repoURL } as never, { source })
  const deployed = (version: string) =>
    app.until(`${version} is deployed`, ({ sync }) => sync?.status === 'Synced' && sync.revision === version, 90_000)
  await deployed('1.0.0')
  versions.push('1.1.0')
  await Promise.all([neighbour.goesOn(), deployed('1.1.0')])
  const stolenTurns = await longestPause(async () => {
    versions.push('1.0.1')
    await new Promise((resolve) => setTimeout(resolve, 8_000))
  })
  // In one go it takes seconds, in which nobody has a turn.
  expect(stolenTurns).toBeLessThan(1_500)
  const says = [/index\.yaml is larger than 64 MB, which is the most that is read/, /have what is there divided/]
  const spoil = () => {
    others = indexOf(Math.round(70_000_000 / indexOf(1).length))
  }
  await endures(neighbour, { app, says, spoil })
  others = ''
  await app.settled('1.1.0')
})

/** In this process, which is Tiphys' as well. */
async function longestPause(during: () => Promise<void>): Promise<number> {
  let [longest, last] = [0, performance.now()]
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 10)
  await during()
  clearInterval(timer)
  return longest
}

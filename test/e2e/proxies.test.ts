/** Repositories behind a proxy of their own: Git, Helm and registries are reached through it, and past it where it says so. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerAsGit } from '../../src/source/fixtures/git-backend.ts'
import { packedChart } from './archives.ts'
import { canary } from './canary.ts'
import type { Authority } from './certificates.ts'
import { startProxy } from './connect-proxy.ts'
import { endures, type Neighbour, startStage } from './endures.ts'
import { admitsHeader, basicOf, type GitHost, startGitHost } from './git-host.ts'
import { configMap } from './manifests.ts'
import { declareRepository } from './registered.ts'
import { dockerRegistry, type RegistryHost, startRegistry } from './registry-host.ts'
import type { App, World } from './world.ts'

if (!dockerRegistry) console.warn('SKIPPED: registries behind a proxy, since docker-registry is not installed')

let world: World
let neighbour: Neighbour
let authority: Authority
const hosts: (GitHost | RegistryHost)[] = []
const password = canary('password')
/** As it stands in an address. */
const word = canary('proxy').replaceAll(/[ "/]/g, '-')

beforeAll(async () => {
  ;({ world, authority, neighbour } = await startStage(password, word))
})
afterAll(async () => {
  await world.stop()
  for (const host of hosts) await host.close()
})

/** A private repository of some kind, not yet declared. */
interface Place {
  /** `HOST:PORT`. */
  host: string
  /** Of its Secret, but for what is about the proxy. */
  fields: { url: string } & Record<string, string>
  /** Makes an application of it. */
  deploy(): Promise<App>
  /** Something new to deploy; answers its revision. */
  renew(): Promise<string>
}

const admits = admitsHeader(basicOf('ann', password))

async function git(): Promise<Place> {
  const host = await startGitHost({ authority, admits })
  hosts.push(host)
  const repository = world.repository({ 'config.yaml': configMap('config', { a: '0' }) })
  const url = host.url(repository)
  let round = 0
  return {
    host: `localhost:${host.port}`,
    fields: { url, username: 'ann', password },
    deploy: () => world.application({ ...repository, url }),
    renew: async () => repository.commit({ 'config.yaml': configMap('config', { a: String(++round) }) }),
  }
}

async function helm(): Promise<Place> {
  const archives: Record<string, Buffer> = {}
  let round = 0
  const renew = async () => {
    const version = `1.${round++}.0`
    archives[`/${version}.tgz`] = await packedChart('demo', version)
    return version
  }
  await renew()
  const host = await startGitHost({
    authority,
    admits,
    answers({ url = '' }, response) {
      const items = Object.keys(archives).map((path) => `{version: ${path.slice(1, -4)}, urls: [${path.slice(1)}]}`)
      response.end(url === '/index.yaml' ? `entries: {demo: [${items.join()}]}` : archives[url])
    },
  })
  hosts.push(host)
  const repoURL = `https://localhost:${host.port}`
  return {
    host: `localhost:${host.port}`,
    fields: { url: repoURL, type: 'helm', username: 'ann', password },
    deploy: () =>
      world.application({ url: repoURL } as never, { source: { repoURL, chart: 'demo', targetRevision: '1.*' } }),
    renew,
  }
}

async function oci(): Promise<Place> {
  const registry = await startRegistry({ username: 'ann', password, tokenSeconds: 5 })
  hosts.push(registry)
  let round = 0
  const renew = async () => {
    const version = `1.${round++}.0`
    const mediaType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
    await registry.push('charts/demo', version, { mediaType, content: await packedChart('demo', version) })
    return version
  }
  await renew()
  const repoURL = `${registry.host}/charts`
  return {
    host: registry.host,
    fields: { url: repoURL, type: 'helm', enableOCI: 'true', username: 'ann', password },
    deploy: () =>
      world.application({ url: repoURL } as never, { source: { repoURL, chart: 'demo', targetRevision: '1.*' } }),
    renew,
  }
}

const places: [string, () => Promise<Place>][] = [
  ['Git repository', git],
  ['Helm repository', helm],
  ...(dockerRegistry ? ([['registry', oci]] satisfies [string, () => Promise<Place>][]) : []),
]

test.concurrent.each(places)('a %s is reached through its proxy, and past it', async (_what, open) => {
  const place = await open()
  const proxy = await startProxy({ admits: basicOf('tiphys', word) })
  const address = `127.0.0.1:${proxy.port}`
  const behind = { ...place.fields, proxy: `http://tiphys:${word}@${address}` }
  const name = await declareRepository(world, behind)
  const app = await place.deploy()
  await app.settled()
  expect(proxy.connected).toContain(place.host)
  await app.settled(await place.renew())

  const wrong = canary('proxy').replaceAll(/[ "/]/g, '-')
  world.secrets.push(wrong)
  const declare = (fields: Record<string, string>) => declareRepository(world, { ...behind, ...fields }, { name })
  const refused = await endures(neighbour, {
    app,
    says: [new RegExp(place.host), /proxy/, /407/, /check (the )?proxy/],
    spoil: () => declare({ proxy: `http://tiphys:${wrong}@${address}` }),
  })
  expect(refused).not.toContain(wrong)
  await declare({})
  await app.settled(await place.renew())

  await endures(neighbour, {
    app,
    says: [new RegExp(place.host), new RegExp(`proxy http://${address}`), /check/],
    spoil: () => proxy.close(),
  })
  const before = proxy.connected.length
  await declare({ noProxy: `other.example.com,${place.host.split(':')[0]}` })
  await app.settled(await place.renew())
  expect(proxy.connected).toHaveLength(before)
})

test('what is not encrypted goes through the proxy as well, by the name of its host', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config') })
  const server = createServer((request, response) => answerAsGit(dirname(repository.url), request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const proxy = await startProxy({ names: { 'git.example.invalid': port } })
  const url = `http://git.example.invalid/${basename(repository.url)}/.git`
  await declareRepository(world, { url, proxy: `http://127.0.0.1:${proxy.port}` })
  const app = await world.application({ ...repository, url })
  await app.settled()
  expect(proxy.connected).toContain('git.example.invalid:80')
  await proxy.close()
  server.closeAllConnections()
  server.close()
})

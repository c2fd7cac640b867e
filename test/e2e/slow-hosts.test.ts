/** Hosts that take for ever: an application that is read from one is told so within a minute, and nobody else waits. */
import { createServer, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packedChart } from './archives.ts'
import { canary } from './canary.ts'
import type { Authority } from './certificates.ts'
import { endures, type Neighbour, startStage } from './endures.ts'
import { admitsHeader, basicOf, type GitHost, startGitHost } from './git-host.ts'
import { configMap } from './manifests.ts'
import { declareRepository } from './registered.ts'
import { dockerRegistry, type RegistryHost, startRegistry } from './registry-host.ts'
import type { App, World } from './world.ts'

if (!dockerRegistry) console.warn('SKIPPED: slow registries, since docker-registry is not installed')

let world: World
let neighbour: Neighbour
let authority: Authority
const hosts: (GitHost | RegistryHost)[] = []
const servers: Server[] = []
const password = canary('password')
const admits = admitsHeader(basicOf('ann', password))

beforeAll(async () => {
  ;({ world, authority, neighbour } = await startStage(password))
})
afterAll(async () => {
  await world.stop()
  for (const host of hosts) await host.close()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** One byte a second. */
const drip: RequestListener = (_request, response) => {
  response.flushHeaders()
  const timer = setInterval(() => response.write('e'), 1000)
  response.on('close', () => clearInterval(timer))
}
const silence: RequestListener = () => {}

interface Slow {
  app: App
  answerWith(answer: RequestListener | undefined): void
}

async function git(): Promise<Slow> {
  const host = await startGitHost({ authority, admits })
  hosts.push(host)
  const repository = world.repository({ 'config.yaml': configMap('config') })
  const url = host.url(repository)
  await declareRepository(world, { url, username: 'ann', password })
  const app = await world.application({ ...repository, url })
  return {
    app,
    answerWith(answer) {
      host.answers = answer
    },
  }
}

async function helm(): Promise<Slow> {
  const archive = await packedChart('demo', '1.0.0')
  const usual: RequestListener = ({ url }, response) =>
    response.end(url === '/index.yaml' ? 'entries: {demo: [{version: 1.0.0, urls: [demo.tgz]}]}' : archive)
  const host = await startGitHost({ authority, admits, answers: usual })
  hosts.push(host)
  const repoURL = `https://localhost:${host.port}`
  await declareRepository(world, { url: repoURL, type: 'helm', username: 'ann', password })
  const source = { repoURL, chart: 'demo', targetRevision: '1.*' }
  const app = await world.application({ url: repoURL } as never, { source })
  return {
    app,
    answerWith(answer = usual) {
      host.answers = answer
    },
  }
}

/** The real registry, behind a door that can be slow. */
async function oci(): Promise<Slow> {
  const registry = await startRegistry({ username: 'ann', password })
  hosts.push(registry)
  const mediaType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
  await registry.push('charts/demo', '1.0.0', { mediaType, content: await packedChart('demo', '1.0.0') })
  let slow: RequestListener | undefined
  const door = createServer((from, to) => {
    if (slow) return slow(from, to)
    const { url, method, headers } = from
    request(`http://${registry.host}${url}`, { method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    }).end()
  })
  servers.push(door)
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const repoURL = `127.0.0.1:${(door.address() as AddressInfo).port}/charts`
  await declareRepository(world, { url: repoURL, type: 'helm', enableOCI: 'true', username: 'ann', password })
  const source = { repoURL, chart: 'demo', targetRevision: '1.*' }
  const app = await world.application({ url: repoURL } as never, { source })
  return {
    app,
    answerWith(answer) {
      slow = answer
    },
  }
}

const advice = /check (repoURL, and )?whether (its host is overloaded, or )?a firewall or proxy stands in between/

interface Slowness {
  what: string
  open(): Promise<Slow>
  answer: RequestListener
  says: RegExp
}

const cases: Slowness[] = [
  { what: 'Git host: a byte a second', open: git, answer: drip, says: /localhost:\d+.*does not answer/ },
  { what: 'Git host: no answer', open: git, answer: silence, says: /localhost:\d+.*does not answer/ },
  { what: 'Helm repository: a byte a second', open: helm, answer: drip, says: /index\.yaml comes in too slowly/ },
  {
    what: 'Helm repository: no answer',
    open: helm,
    answer: silence,
    says: /index\.yaml did not come in full within 60 s/,
  },
]
if (dockerRegistry) {
  cases.push({ what: 'registry: a byte a second', open: oci, answer: drip, says: /\/v2\/\S+ comes in too slowly/ })
}

test.concurrent.each(cases)('$what', { timeout: 240_000 }, async ({ open, answer, says }) => {
  const { app, answerWith } = await open()
  const spoil = async () => {
    answerWith(answer)
    await sleep(3000)
    // Also before anything is told.
    await neighbour.goesOn()
  }
  const started = Date.now()
  await endures(neighbour, { app, says: [says, advice], spoil, limitMs: 75_000 })
  expect(Date.now() - started).toBeLessThan(90_000)
  answerWith(undefined)
  await app.until('all is well again', ({ conditions = [] }) => conditions.length === 0, 90_000)
  await app.rest()
})

/** What the REST API costs and is worth under load: latencies, and what they do to the controller that shares its process. */
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { KubeClient } from '../src/kube/kube-client.ts'
import type { ClientsData, LoadReport, Order, RequestKind, StreamKind } from './api-clients.ts'
import type { MeasuredProcess } from './measured-process.ts'
import { driftTimes, percentile, spent, type Watching } from './reactions.ts'
import type { Workload } from './workload.ts'

interface LoadContext extends Watching {
  url: string
  tiphys: MeasuredProcess
  loadSeconds: number
}

/** 200 of them. */
const streams: Record<StreamKind, number> = { everything: 25, page: 75, one: 50, stalled: 50 }
const perSecond = 50
/** Of load, each between two phases without: the machine may have changed meanwhile. */
const rounds = 2
const phases = 2 * rounds + 1
/** Each application drifts once at most. */
const driftsOfPhase = ({ applications }: Workload) => Math.min(120, Math.floor(applications / phases))
/** Between two changes by hand: about a dozen writes of a status a second. */
const pauseMs = 400
/** How often memory is looked at, in each round. */
const looksAtMemory = 6

/** The controller alone, with the API under load, alone again, and so on. */
export async function apiFigures(client: KubeClient, context: LoadContext): Promise<void> {
  const { note, tiphys, loadSeconds } = context
  // Its metrics are at another port.
  const [, url = ''] = await tiphys.printed(/"url":"([^"]+)"/)
  const api = { url, token: await tokenOf(client, url) }
  const alone = [await phase(client, context, 0)]
  const loaded: LoadedPhase[] = []
  for (let round = 0; round < rounds; round++) {
    loaded.push(await loadedPhase(client, { ...context, api, number: 2 * round + 1 }))
    await sleep(5000)
    alone.push(await phase(client, context, 2 * round + 2))
  }
  noteRequests(loaded, note)
  note('  every so many seconds of load', `${loadSeconds / looksAtMemory}`)
  noteDelay('manual change to OutOfSync', { note, alone, loaded, of: ({ noticed }) => noticed })
  noteDelay('manual change to healed', { note, alone, loaded, of: ({ healed }) => healed })
}

type Phase = Awaited<ReturnType<typeof driftTimes>> & { load: number }

async function phase(client: KubeClient, context: LoadContext, number: number): Promise<Phase> {
  const samples = driftsOfPhase(context.workload)
  const times = await driftTimes(client, context, { first: number * samples, samples, pauseMs })
  return { ...times, load: loadavg()[0] ?? 0 }
}

interface LoadedPhase extends Phase {
  report: LoadReport
  seconds: number
  /** Of Tiphys, in seconds. */
  cpu: number
  /** Bytes, at even distances. */
  resident: number[]
}

interface ServedContext extends LoadContext {
  api: { url: string; token: string }
  number: number
}

async function loadedPhase(client: KubeClient, context: ServedContext): Promise<LoadedPhase> {
  const { api, number, tiphys, url, workload } = context
  const clients = new Clients({ ...api, applications: workload.applications })
  await clients.order({ do: 'open', streams })
  await sleep(5000)
  await clients.order({ do: 'start', perSecond })
  const before = await tiphys.usage(url)
  const startedAt = performance.now()
  const memory = memoryWithin(context)
  const times = await phase(client, context, number)
  const resident = await memory
  const seconds = (performance.now() - startedAt) / 1000
  const after = await tiphys.usage(url)
  const report = (await clients.order({ do: 'stop' })) as LoadReport
  await clients.leave()
  return { ...times, report, seconds, cpu: spent(after, before), resident: [before.rss, ...resident] }
}

async function memoryWithin({ tiphys, url, loadSeconds }: LoadContext): Promise<number[]> {
  const resident: number[] = []
  while (resident.length < looksAtMemory) {
    await sleep((loadSeconds * 1000) / looksAtMemory)
    resident.push((await tiphys.usage(url)).rss)
  }
  return resident
}

function noteRequests(loaded: LoadedPhase[], note: LoadContext['note']): void {
  const kinds = Object.keys(loaded[0]?.report.latencies ?? {}) as RequestKind[]
  const timesOf = (kind: RequestKind) => loaded.flatMap(({ report }) => report.latencies[kind])
  const tell = (what: string, times: number[]) => {
    const [median, slow] = [0.5, 0.99].map((share) => `${percentile(times, share).toFixed(0)} ms`)
    note(`${what}: how many, median, p99`, `${times.length}, ${median}, ${slow}`)
  }
  for (const kind of kinds) tell(kind, timesOf(kind))
  tell('all but the last', kinds.filter((kind) => kind !== 'nothing').flatMap(timesOf))
  const sum = (of: (one: LoadedPhase) => number) => loaded.reduce((total, one) => total + of(one), 0)
  const seconds = sum((one) => one.seconds)
  note('  failed', String(sum(({ report }) => report.failures)))
  note('  streamed meanwhile', `${(sum(({ report }) => report.streamedBytes) / 1e6 / seconds).toFixed(1)} MB/s`)
  note('CPU of Tiphys under load, of one core', `${((sum(({ cpu }) => cpu) / seconds) * 100).toFixed(0)} %`)
  const megabytes = loaded.map(({ resident }) => resident.map((bytes) => (bytes / 1e6).toFixed(0)).join(', '))
  note(`resident memory with ${streams.stalled} stalled readers, each round`, `${megabytes.join('; ')} MB`)
}

interface Delay {
  note: LoadContext['note']
  alone: Phase[]
  loaded: Phase[]
  of(phase: Phase): number[]
}

function noteDelay(what: string, { note, alone, loaded, of }: Delay): void {
  const inOrder = alone.flatMap((one, round) => [one, ...loaded.slice(round, round + 1)])
  const tell = (share: number) => inOrder.map((one) => percentile(of(one), share).toFixed(1)).join(', ')
  const median = (some: Phase[]) => percentile(some.flatMap(of), 0.5)
  note(`${what}, median: alone, under load, alone, …`, `${tell(0.5)} ms`)
  note('  p99', `${tell(0.99)} ms`)
  note('  median under load against alone', `${(median(loaded) / median(alone)).toFixed(2)} x`)
  note('  load average of the machine', inOrder.map(({ load }) => load.toFixed(1)).join(', '))
}

export async function adminPassword(client: KubeClient): Promise<string> {
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: 'argocd', name: 'argocd-initial-admin-secret' }
  const { data } = (await client.get(target)) as unknown as { data: { password: string } }
  return Buffer.from(data.password, 'base64').toString()
}

async function tokenOf(client: KubeClient, url: string): Promise<string> {
  const password = await adminPassword(client)
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  })
  return ((await response.json()) as { token: string }).token
}

/** The thread of the clients. */
class Clients {
  readonly #worker: Worker

  constructor(workerData: ClientsData) {
    this.#worker = new Worker(new URL('bench-api-clients.js', import.meta.url), { workerData })
  }

  order(order: Order): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#worker.once('error', reject)
      this.#worker.once('message', (answer) => {
        this.#worker.off('error', reject)
        resolve(answer)
      })
      this.#worker.postMessage(order)
    })
  }

  async leave(): Promise<void> {
    await this.#worker.terminate()
  }
}

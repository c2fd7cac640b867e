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
/** Each application drifts once at most. */
const driftsOfPhase = ({ applications }: Workload) => Math.min(120, Math.floor(applications / 3))
/** Between two changes by hand: about a dozen writes of a status a second. */
const pauseMs = 400
/** How often memory is looked at. */
const looksAtMemory = 6

/** The controller alone, with the API under load, and alone again: the machine may have changed meanwhile. */
export async function apiFigures(client: KubeClient, context: LoadContext): Promise<void> {
  const { note, tiphys, url, workload, loadSeconds } = context
  // Its metrics are at another port.
  const [, api = ''] = await tiphys.printed(/"url":"([^"]+)"/)
  const clients = new Clients({ url: api, token: await tokenOf(client, api), applications: workload.applications })
  const before = await phase(client, context, 0)

  await clients.order({ do: 'open', streams })
  await sleep(5000)
  await clients.order({ do: 'start', perSecond })
  const usageBefore = await tiphys.usage(url)
  const startedAt = performance.now()
  const memory = memoryWithin(context)
  const loaded = await phase(client, context, 1)
  const resident = await memory
  const seconds = (performance.now() - startedAt) / 1000
  const usageAfter = await tiphys.usage(url)
  const report = (await clients.order({ do: 'stop' })) as LoadReport
  await clients.leave()
  await sleep(5000)
  const after = await phase(client, context, 2)

  noteLatencies(report, { note, seconds })
  note('CPU of Tiphys under load, of one core', `${((spent(usageAfter, usageBefore) / seconds) * 100).toFixed(0)} %`)
  const megabytes = [usageBefore.rss, ...resident].map((bytes) => (bytes / 1e6).toFixed(0))
  note(`resident memory with ${streams.stalled} stalled readers`, `${megabytes.join(', ')} MB`)
  note('  every so many seconds of load', `${loadSeconds / looksAtMemory}`)
  noteDelay('manual change to OutOfSync', { note, before, loaded, after, of: ({ noticed }) => noticed })
  noteDelay('manual change to healed', { note, before, loaded, after, of: ({ healed }) => healed })
}

/** Bytes, at even distances. */
async function memoryWithin({ tiphys, url, loadSeconds }: LoadContext): Promise<number[]> {
  const resident: number[] = []
  while (resident.length < looksAtMemory) {
    await sleep((loadSeconds * 1000) / looksAtMemory)
    resident.push((await tiphys.usage(url)).rss)
  }
  return resident
}

type Phase = Awaited<ReturnType<typeof driftTimes>> & { load: number }

async function phase(client: KubeClient, context: LoadContext, number: number): Promise<Phase> {
  const samples = driftsOfPhase(context.workload)
  const times = await driftTimes(client, context, { first: number * samples, samples, pauseMs })
  return { ...times, load: loadavg()[0] ?? 0 }
}

function noteLatencies(
  { latencies, failures, streamedBytes }: LoadReport,
  { note, seconds }: { note: LoadContext['note']; seconds: number },
): void {
  const kinds = Object.keys(latencies) as RequestKind[]
  const served = kinds.filter((kind) => kind !== 'nothing')
  const all = served.flatMap((kind) => latencies[kind])
  for (const kind of kinds) {
    const times = latencies[kind]
    note(
      `${kind}: how many, median, p99`,
      `${times.length}, ${percentile(times, 0.5).toFixed(0)} ms, ${percentile(times, 0.99).toFixed(0)} ms`,
    )
  }
  note('all but the last: median, p99', `${percentile(all, 0.5).toFixed(0)} ms, ${percentile(all, 0.99).toFixed(0)} ms`)
  note('  failed', String(failures))
  note('  streamed meanwhile', `${(streamedBytes / 1e6 / seconds).toFixed(1)} MB/s`)
}

interface Delay {
  note: LoadContext['note']
  before: Phase
  loaded: Phase
  after: Phase
  of(phase: Phase): number[]
}

function noteDelay(what: string, { note, before, loaded, after, of }: Delay): void {
  const phases = [before, loaded, after]
  const tell = (share: number) => phases.map((one) => percentile(of(one), share).toFixed(0)).join(', ')
  const alone = percentile([...of(before), ...of(after)], 0.5)
  note(`${what}, median: alone, under load, alone again`, `${tell(0.5)} ms`)
  note('  p99', `${tell(0.99)} ms`)
  note('  median under load against alone', `${(percentile(of(loaded), 0.5) / alone).toFixed(2)} x`)
  note('  load average of the machine', phases.map(({ load }) => load.toFixed(1)).join(', '))
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

/**
 * Clients of the REST API in a thread of their own: open streams, some of which nobody reads, and so many requests a second,
 * sent when they are due whether or not those before have been answered.
 */
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { applicationName } from './workload.ts'

export interface ClientsData {
  url: string
  token: string
  applications: number
}

/** What the thread is told; each is answered when it is done. */
export type Order =
  | { do: 'open'; streams: Record<StreamKind, number> }
  | { do: 'start'; perSecond: number }
  | { do: 'stop' }

/** `page`: as Argo CD's list of applications asks. `stalled`: of everything, and never read. */
export type StreamKind = 'everything' | 'page' | 'one' | 'stalled'
/** `nothing`: of a server in this thread that does nothing: what the machine and this thread make of any request. */
export type RequestKind = 'list of 50' | 'list of all by fields' | 'tree' | 'nothing'

export interface LoadReport {
  /** Milliseconds from when each was due to when its answer was complete. */
  latencies: Record<RequestKind, number[]>
  failures: number
  /** Of the streams that are read, since the load was started. */
  streamedBytes: number
}

const { url, token, applications } = workerData as ClientsData
const headers = { authorization: `Bearer ${token}` }
const agent = new Agent({ keepAlive: true })

/** What Argo CD's user interface asks of each application in its list. */
const fields = [
  ...['name', 'namespace', 'annotations', 'labels', 'creationTimestamp', 'deletionTimestamp'].map(
    (f) => `metadata.${f}`,
  ),
  ...['destination', 'project', 'source', 'sources', 'sourceHydrator', 'syncPolicy'].map((f) => `spec.${f}`),
  ...['sourceHydrator', 'summary', 'sync.status', 'sync.revision', 'health'].map((f) => `status.${f}`),
  ...['phase', 'startedAt', 'finishedAt'].map((f) => `status.operationState.${f}`),
  'operation.sync',
]
const below = (prefix: string) => fields.map((field) => `${prefix}.${field}`).join()
const listFields = `metadata.resourceVersion,${below('items')}`
const watchFields = `result.type,${below('result.application')}`

const anyName = () => applicationName(Math.floor(Math.random() * applications))
const sorts = ['name', '-health', 'sync', '-lastSync', 'createdAt']
const filters = ['', '&sync=OutOfSync', '&health=Healthy', '&search=bench-01', '&projects=default']
const one = <Item>(items: Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item

const idle = createServer((_request, response) => response.end())
await new Promise<void>((resolve) => idle.listen(0, '127.0.0.1', resolve))
const idlePort = (idle.address() as AddressInfo).port

const api = `${url}/api/v1`
const requests: Record<RequestKind, () => string> = {
  'list of 50': () => `${api}/applications?limit=50&sort=${one(sorts)}${one(filters)}&counts=true`,
  'list of all by fields': () => `${api}/applications?fields=${listFields}`,
  tree: () => `${api}/applications/${anyName()}/resource-tree`,
  nothing: () => `http://127.0.0.1:${idlePort}`,
}
/** One after the other. */
const turns: RequestKind[] = [
  ...Array.from({ length: 10 }, (_, index): RequestKind => (index % 2 === 0 ? 'list of 50' : 'tree')),
  'list of all by fields',
  'nothing',
]

let report = freshReport()
let timer: NodeJS.Timeout | undefined
const underWay = new Set<Promise<void>>()

function freshReport(): LoadReport {
  const latencies = { 'list of 50': [], 'list of all by fields': [], tree: [], nothing: [] }
  return { latencies, failures: 0, streamedBytes: 0 }
}

function ask(address: string, through: Agent | false = agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(address, { headers, agent: through }, resolve).once('error', reject)
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function request(kind: RequestKind, dueAt: number): Promise<void> {
  try {
    const response = await ask(requests[kind]())
    for await (const _ of response);
    if (response.statusCode !== 200) throw new Error(`${response.statusCode}`)
    report.latencies[kind].push(performance.now() - dueAt)
  } catch {
    report.failures++
  }
}

function start(perSecond: number): void {
  report = freshReport()
  const startedAt = performance.now()
  let sent = 0
  timer = setInterval(() => {
    for (; startedAt + (sent * 1000) / perSecond <= performance.now(); sent++) {
      const sending = request(turns[sent % turns.length] as RequestKind, startedAt + (sent * 1000) / perSecond)
      underWay.add(sending)
      void sending.then(() => underWay.delete(sending))
    }
  }, 5)
}

async function stop(): Promise<LoadReport> {
  clearInterval(timer)
  await Promise.all(underWay)
  return report
}

/** Those that are read go on from what a list has told them, as the user interface does. */
async function open(streams: Record<StreamKind, number>): Promise<void> {
  const listed = JSON.parse(await textOf(await ask(`${api}/applications?fields=metadata.resourceVersion`)))
  const since = `resourceVersion=${listed.metadata.resourceVersion}`
  const paths: Record<StreamKind, () => string> = {
    everything: () => `${api}/stream/applications?${since}`,
    page: () => `${api}/stream/applications?${since}&fields=${watchFields}`,
    one: () => `${api}/stream/applications?name=${anyName()}`,
    stalled: () => `${api}/stream/applications`,
  }
  const kinds = Object.entries(streams).flatMap(([kind, count]) => Array<StreamKind>(count).fill(kind as StreamKind))
  for (const kind of kinds) {
    const response = await ask(paths[kind](), false)
    if (response.statusCode !== 200) throw new Error(`a stream was refused with ${response.statusCode}`)
    // Without a listener nothing is read beyond what the buffers on the way take.
    if (kind === 'stalled') continue
    response.on('data', (data: Buffer) => {
      report.streamedBytes += data.length
    })
  }
}

async function obey(order: Order): Promise<unknown> {
  if (order.do === 'open') return open(order.streams)
  if (order.do === 'start') return start(order.perSecond)
  return stop()
}

parentPort?.on('message', async (order: Order) => parentPort?.postMessage(await obey(order)))

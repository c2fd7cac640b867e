/** Traces: from a request to the last write in one, findable from the log and back; a collector that is away costs nothing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { configMap, hookJob, inWave } from './manifests.ts'
import { type CollectedSpan, type Collector, startCollector } from './otlp-collector.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

interface Line {
  text: string
  level: string
  trace_id?: string
  span_id?: string
  request?: string
  operation?: string
}

let collector: Collector
let world: World
let admin: SignedIn
let lines: Line[] = []

const key = 'key-to-the-collector'

async function open(env: Record<string, string>, settings: WorldOptions = {}): Promise<void> {
  lines = []
  world = await startWorld(
    {},
    {
      ...settings,
      onLog: (fields, text) => void lines.push({ level: '', ...fields, text }),
      alsoSaid: () => ({ 'a trace': JSON.stringify(collector.spans) }),
      env: { OTEL_BSP_SCHEDULE_DELAY: '50', ...env },
    },
  )
  world.secrets.push(key)
  admin = await signIn(world)
}

beforeAll(async () => {
  collector = await startCollector()
})
afterEach(async () => {
  collector.behave('take')
  await world.stop()
  collector.spans.length = 0
  collector.headers.length = 0
})
afterAll(() => collector.close())

async function until<Found>(what: string, find: () => Found | undefined): Promise<Found> {
  for (let tries = 0; ; tries++) {
    const found = find()
    if (found !== undefined) return found
    if (tries > 400) throw new Error(`${what}: it has not come, but ${collector.spans.map(({ name }) => name).join()}`)
    await sleep(50)
  }
}

const named = (name: string) => collector.spans.filter((span) => span.name === name)
const ofApp = (spans: CollectedSpan[], name: string) =>
  spans.filter(({ attributes }) => attributes['argocd.app.name'] === name)

/** The names of a span and of all that it is in, from the outside in. */
function pathOf(span: CollectedSpan): string[] {
  const around = collector.spans.find(({ spanId }) => spanId === span.parentId)
  return around ? [...pathOf(around), span.name] : [span.name]
}

const manual = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } }

test('a sync is one trace, from the request of a client with a trace of its own to each write', async () => {
  await open({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${key}`,
  })
  const files = {
    'a.yaml': configMap('first'),
    'b.yaml': inWave(1, configMap('second')),
    'c.yaml': hookJob('check', 'PostSync'),
  }
  const app = await world.application(world.repository(files), manual)
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  const theirs = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }
  const answer = await fetch(`${world.tiphys().url}/api/v1/applications/${app.name}/sync?token=${key}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${admin.token}`,
      'content-type': 'application/json',
      traceparent: `00-${theirs.traceId}-${theirs.spanId}-01`,
    },
    body: '{}',
  })
  expect(answer.status).toBe(200)
  await app.settled()
  const operation = await until('the operation', () => ofApp(named('operation'), app.name)[0])

  const request = await until('the request', () => named('POST /api/v1/applications/{name}/sync')[0])
  expect(request).toMatchObject({ traceId: theirs.traceId, parentId: theirs.spanId, kind: 'server', error: undefined })
  expect(request.attributes).toMatchObject({
    'http.route': '/api/v1/applications/{name}/sync',
    'http.response.status_code': 200,
  })
  expect(operation.parentId).toBe(request.spanId)
  expect(operation.attributes).toMatchObject({ 'tiphys.phase': 'Succeeded', 'tiphys.initiated_by': 'admin' })
  const inTrace = collector.spans.filter(({ traceId }) => traceId === theirs.traceId)
  const paths = inTrace.map((span) => pathOf(span).slice(1).join(' > '))
  expect(paths).toContain('operation > compare')
  expect(paths).toContain('operation > preflight > kubernetes dry-run')
  expect(paths).toContain('operation > wave Sync 0 > apply ConfigMap > kubernetes apply')
  expect(paths).toContain('operation > wave Sync 1 > apply ConfigMap > kubernetes apply')
  expect(paths).toContain('operation > wave PostSync 0 > hook Job > kubernetes apply')
  const waits = inTrace.filter(({ name, events }) => name === 'wait' && events.length > 0)
  expect(waits.flatMap(({ events }) => events).join()).toMatch(/waiting for completion of hook batch\/Job\/check/)
  const first = inTrace.find(({ attributes }) => attributes['argocd.resource.name'] === 'first')
  expect(first?.attributes).toMatchObject({
    'argocd.resource.kind': 'ConfigMap',
    'argocd.resource.namespace': app.namespace,
  })
  for (const span of inTrace) expect(span.endedAt).toBeGreaterThanOrEqual(span.startedAt)

  // From the log to the trace and back.
  const begins = lines.find(({ text, trace_id }) => text === 'an operation begins' && trace_id === theirs.traceId)
  expect(begins?.span_id).toBe(operation.spanId)
  expect(operation.attributes).toMatchObject({
    'tiphys.operation': begins?.operation,
    'tiphys.request': begins?.request,
  })
  expect(request.attributes['tiphys.request']).toBe(begins?.request)
  const written = lines.filter(({ text, trace_id }) => text === 'written' && trace_id === theirs.traceId)
  expect(written.length).toBeGreaterThanOrEqual(3)

  expect(collector.spans[0]?.resource).toMatchObject({ 'service.name': 'tiphys' })
  expect(collector.headers[0]).toMatchObject({ authorization: `Bearer ${key}` })
})

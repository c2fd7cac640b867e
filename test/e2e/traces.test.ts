/** Traces: from a request to the last write in one, findable from the log and back; a collector that is away costs nothing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { configMap, hookJob, inWave, slowHook } from './manifests.ts'
import { type CollectedSpan, type Collector, collectedBy, startCollector } from './otlp-collector.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

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

async function open(env: Record<string, string>): Promise<void> {
  // One that is closed may still have something to say.
  const own: Line[] = []
  lines = own
  world = await startWorld(
    {},
    {
      onLog: (fields, text) => void own.push({ level: '', ...fields, text }),
      ...collectedBy(collector),
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

test('an automated sync is in the trace of the look that decided on it, and what fails says why', async () => {
  await open({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` })
  const repository = world.repository({ 'a.yaml': configMap('first') })
  const app = await world.application(repository)
  await app.settled()
  const operation = await until('the operation', () => ofApp(named('operation'), app.name)[0])
  expect(operation.attributes['tiphys.initiated_by']).toBe('automated sync')
  const look = await until('the look', () => named('look').find(({ spanId }) => spanId === operation.parentId))
  expect(look).toMatchObject({
    parentId: '',
    attributes: { 'argocd.app.name': app.name, 'argocd.app.project': 'default' },
  })
  expect(look.attributes).toMatchObject({ 'tiphys.sync.status': 'OutOfSync', 'tiphys.objects.out_of_sync': 1 })
  const paths = collector.spans
    .filter(({ traceId }) => traceId === look.traceId)
    .map((span) => pathOf(span).join(' > '))
  expect(paths).toContain('look > resolve > git ls-remote')
  expect(paths).toContain('look > fetch')
  expect(paths).toContain('look > render')
  expect(paths).toContain('look > compare')
  expect(paths).toContain('look > kubernetes patch')
  expect(paths).toContain('look > operation > wave Sync 0 > apply ConfigMap > kubernetes apply')
  const rendered = named('render').find(({ traceId }) => traceId === look.traceId)
  expect(rendered?.attributes).toMatchObject({ 'argocd.app.source_type': 'Directory', 'tiphys.manifests': 1 })

  repository.commit({ 'kustomization.yaml': 'resources: [missing.yaml]' })
  const isBroken = ({ error }: CollectedSpan) => error !== undefined
  const broken = await until('a broken look', () => ofApp(named('look'), app.name).find(isBroken))
  expect(broken.error).toMatch(/missing\.yaml/)
  const failed = named('render').find(({ traceId }) => traceId === broken.traceId)
  expect(failed?.attributes['error.type']).toBe('manifest')
})

test('an operation that a stop interrupts goes on in the same trace', async () => {
  await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const app = await world.application(
    world.repository({ 'hook.yaml': slowHook('slow', 4), 'a.yaml': configMap('first') }),
    manual,
  )
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await admin.api.call(routes.applications.sync, { params: { name: app.name }, body: {} })
  await app.until('the hook runs', ({ operationState }) => /waiting for completion/.test(operationState?.message ?? ''))
  await world.restart()
  await app.settled()
  const both = await until('both parts', () =>
    ofApp(named('operation'), app.name).length === 2 ? ofApp(named('operation'), app.name) : undefined,
  )
  const [request] = named('POST /api/v1/applications/{name}/sync')
  for (const part of both) expect(part).toMatchObject({ traceId: request?.traceId, parentId: request?.spanId })
  expect(both[0]?.events).toEqual(['left for the next process to go on with'])
  expect(both[1]?.attributes).toMatchObject({
    'tiphys.phase': 'Succeeded',
    'tiphys.operation': both[0]?.attributes['tiphys.operation'],
  })
})

test('what a request is refused for is told by its status alone, and who is not let in leaves no trace', async () => {
  await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  expect((await admin.get('/api/v1/applications/nothing-of-this-name')).status).toBe(403)
  const refused = await until('the request', () => named('GET /api/v1/applications/{name}')[0])
  expect(refused.attributes).toMatchObject({ 'http.response.status_code': 403, 'error.type': expect.any(String) })
  expect(JSON.stringify(refused)).not.toMatch('nothing-of-this-name')
  const before = named('GET /api/v1/applications').length
  expect((await fetch(`${world.tiphys().url}/api/v1/applications`)).status).toBe(401)
  expect((await admin.get('/api/v1/applications')).status).toBe(200)
  await until('the next request', () => named('GET /api/v1/applications')[before])
  expect(named('GET /api/v1/applications')).toHaveLength(before + 1)
})

test('argocd-cmd-params-cm names a collector as Argo CD does, which is gRPC; flags come before it', async () => {
  await open({})
  const data = {
    'otlp.address': collector.address,
    'otlp.headers': `x-api-key=${key}`,
    'otlp.attrs': 'stage:test,broken',
  }
  const metadata = { name: 'argocd-cmd-params-cm', namespace: world.controlNamespace }
  const labels = { 'app.kubernetes.io/part-of': 'argocd' }
  await world.client.apply(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, labels }, data },
    { fieldManager: 'e2e' },
  )
  await sleep(200)
  expect(collector.spans).toEqual([])
  await world.restart()
  const app = await world.application(world.repository({ 'a.yaml': configMap('first') }))
  await app.settled()
  const operation = await until('the operation', () => ofApp(named('operation'), app.name)[0])
  expect(operation.resource).toMatchObject({ 'service.name': 'tiphys', stage: 'test' })
  expect(collector.headers[0]).toMatchObject({ 'x-api-key': key })
  expect(lines.filter(({ text }) => text.startsWith('otlp.attrs: entry 2'))).toHaveLength(1)
})

test.for(['fail', 'hang', 'nobody'] as const)(
  'a collector that does not take traces (%s) costs one warning and nothing else',
  async (how) => {
    const url = how === 'nobody' ? 'http://127.0.0.1:1' : collector.url
    if (how !== 'nobody') collector.behave(how)
    const few = { OTEL_BSP_MAX_QUEUE_SIZE: '64', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '64' }
    await open({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...few })
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`${at}.yaml`, configMap(`map-${at}`)]))
    const app = await world.application(world.repository(many))
    await app.settled()
    const warnings = await until('a warning', () => {
      const found = lines.filter(({ text }) => text.startsWith('the collector does not take traces'))
      return found.length > 0 ? found : undefined
    })
    await app.sync()
    await sleep(500)
    expect(lines.filter(({ text }) => text.startsWith('the collector does not take traces'))).toEqual(warnings)
    expect(warnings).toHaveLength(1)
    const begun = performance.now()
    await world.restart()
    expect(performance.now() - begun).toBeLessThan(10_000)
  },
)

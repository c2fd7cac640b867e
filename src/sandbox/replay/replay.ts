/** Plays a recorded trace against a sandbox of its own and says which steps answer as recorded. */
import { load } from 'js-yaml'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { type Comparison, differences, volatilePaths } from './compare.ts'
import { type Connection, connect, type Reply } from './connection.ts'
import { cutLikeRecorded } from './cuts.ts'
import { putAt, valueAt } from './paths.ts'
import { setups } from './setup.ts'
import type { Step, Trace } from './trace.ts'

export interface StepResult {
  trace: string
  index: number
  name: string
  /** Empty: the step passes. */
  differences: string[]
}

interface Player {
  sandbox: Sandbox
  connection: Connection
  trace: Trace
  volatile: Comparison['volatile']
  /** The bodies our server gave, by step name. */
  answers: Map<string, unknown>
  tokens: Map<string, string>
}

/** How long a step that waits is tried again, in milliseconds. */
const patience = Number(process.env.REPLAY_PATIENCE ?? 12_000)

function filled(text: string): string {
  return text.replace(/<(\d+) times the letter a>/g, (_, count) => 'a'.repeat(Number(count)))
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined) return undefined
  return filled(typeof body === 'string' ? body : JSON.stringify(body))
}

/** The request with our own values in place of those that an earlier answer gave in the recording. */
function prepared(player: Player, step: Step): Step['request'] {
  const request = structuredClone(step.request)
  for (const { at, step: name, from } of request.uses ?? []) {
    const ours = valueAt(player.answers.get(name), from)
    const recorded = valueAt(player.trace.steps.find((one) => one.name === name)?.response.body, from)
    if (at === '$.path') request.path = request.path.replace(String(recorded), String(ours))
    else putAt(request, at, ours)
  }
  return request
}

async function tokenFor(player: Player, as: string | undefined): Promise<string | undefined> {
  if (as === undefined) return player.sandbox.adminToken
  if (as === 'anonymous') return undefined
  if (as === 'bad-token') return 'bad-token'
  const known = player.tokens.get(as)
  if (known) return known
  const [namespace, name] = as.includes(':') ? as.split(':') : ['demo-auth', as]
  const reply = await player.connection.send({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    headers: { authorization: `Bearer ${player.sandbox.adminToken}`, 'content-type': 'application/json' },
    body: '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}',
  })
  const token = reply.status === 201 ? String(valueAt(JSON.parse(reply.text), '$.status.token')) : 'no-such-account'
  player.tokens.set(as, token)
  return token
}

const untypedBody = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"notype"}}'

async function send(player: Player, request: Step['request']): Promise<Reply> {
  const headers: Record<string, string> = { ...request.headers, 'user-agent': request.userAgent ?? 'client/1.0' }
  const token = await tokenFor(player, request.as)
  if (token) headers.authorization = `Bearer ${token}`
  const isUntyped = request.method === 'POST' && request.body === undefined
  const body = isUntyped ? untypedBody : bodyText(request.body)
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
  const reply = await player.connection.send({ method: request.method, path: request.path, headers, body })
  // The recorded server listened on 6443.
  return { ...reply, text: reply.text.replaceAll(`127.0.0.1:${player.sandbox.port}`, '127.0.0.1:6443') }
}

function parsed(step: Step, { text, headers }: Reply): unknown {
  const type = String(headers['content-type'] ?? '')
  if (step.response.stream && !text.startsWith('{"kind":"Status"')) {
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]))
  }
  try {
    if (type.includes('yaml')) return load(text)
    return type.includes('json') || /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text
  } catch {
    return text
  }
}

function expectedBody(step: Step): unknown {
  const { body, headers } = step.response
  return String(headers['content-type']).includes('yaml') && typeof body === 'string' ? load(body) : body
}

/** Header values that the recording keeps. */
function headerDifferences(step: Step, reply: Reply): string[] {
  return Object.entries(step.response.headers).flatMap(([name, value]) => {
    const actual = reply.headers[name]
    const [want, got] = [value, actual].map((one) => (Array.isArray(one) ? one.join(', ') : (one ?? '')))
    return want === got ? [] : [`header ${name}:\n      expected ${want}\n      got      ${got}`]
  })
}

function check(player: Player, index: number, step: Step, reply: Reply): string[] {
  const body = parsed(step, reply)
  const found: string[] = []
  if (reply.status !== step.response.status) found.push(`status: expected ${step.response.status}, got ${reply.status}`)
  found.push(...headerDifferences(step, reply))
  if (!step.response.headers.warning && reply.headers.warning) found.push(`unexpected warning ${reply.headers.warning}`)
  const comparison = {
    at: ['steps', String(index), 'response', 'body'],
    volatile: isYaml(step) ? player.volatile.filter((path) => path.at(-1)?.key !== 'body') : player.volatile,
    partial: step.response.partial === true,
  }
  try {
    const ours = step.waits?.includes('a bookmark came') ? (body as unknown[]).slice(0, 1) : cutLikeRecorded(body, step)
    found.push(...differences(expectedBody(step), ours, comparison))
  } catch (error) {
    found.push(`the answer has another shape (${String(error)}): ${reply.text.slice(0, 300)}`)
  }
  return found
}

function isYaml(step: Step): boolean {
  return String(step.response.headers['content-type']).includes('yaml')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function playStep(player: Player, index: number, step: Step): Promise<StepResult> {
  const until = Date.now() + (step.waits ? patience : 0)
  for (;;) {
    const reply = await send(player, prepared(player, step))
    const found = check(player, index, step, reply)
    if (found.length === 0 || Date.now() > until) {
      player.answers.set(step.name, parsed(step, reply))
      return { trace: player.trace.name, index, name: step.name, differences: found }
    }
    await pause(50)
  }
}

/** The namespaces that a trace works in and that neither it nor its setup makes. */
function namespacesOf(trace: Trace): string[] {
  const used = trace.steps.map(({ request }) => /\/namespaces\/(demo-[a-z]+)/.exec(request.path)?.[1] ?? '')
  const isLifecycle = trace.name === 'namespace-lifecycle'
  return [...new Set(used)].filter((name) => name !== '' && name !== 'demo-absent' && !isLifecycle)
}

async function setUp(player: Player): Promise<void> {
  for (const name of namespacesOf(player.trace)) {
    await send(player, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } })
  }
  for (const request of setups[player.trace.name]?.before ?? []) await send(player, request)
}

/** Does what came before a step by a call that was not recorded, once there is something to do it to. */
async function prepareStep(player: Player, step: Step): Promise<void> {
  const setup = setups[player.trace.name]?.steps?.[step.name]
  if (!setup) return
  const headers = { 'content-type': 'application/merge-patch+json' }
  for (const until = Date.now() + patience; Date.now() < until; await pause(50)) {
    const reply = await send(player, { method: 'GET', path: setup.list })
    const { items } = JSON.parse(reply.text) as { items: { metadata: { name: string } }[] }
    for (const { metadata } of items) {
      const path = `${setup.list.split('?')[0]}/${metadata.name}`
      await send(player, { method: 'PATCH', path, headers, body: setup.patch })
    }
    if (items.length > 0) return
  }
}

export async function replay(trace: Trace): Promise<StepResult[]> {
  const controllers = setups[trace.name]?.controllers ?? true
  await using sandbox = await startSandbox({ nodes: 0, controllers })
  const connection = connect(sandbox.url, sandbox.caPem)
  const volatile = volatilePaths(trace.volatile)
  const player: Player = { sandbox, connection, trace, volatile, answers: new Map(), tokens: new Map() }
  try {
    await setUp(player)
    const results: StepResult[] = []
    for (const [index, step] of trace.steps.entries()) {
      await prepareStep(player, step)
      results.push(await playStep(player, index, step))
    }
    return results
  } finally {
    connection.close()
  }
}

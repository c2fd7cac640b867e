/** What must never be told: the values of Secrets, in any spelling, in any log line, answer, Event, metric or status. */
import { randomBytes } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import type { KubeObject } from '../../src/model/index.ts'

/** Found nowhere by chance. */
export function canary(place: string): string {
  // With what changes in addresses and in JSON.
  return `canary "${place}"/${randomBytes(12).toString('hex')}`
}

/** Whatever a value may be wrapped in, this is somewhere in it: as it is, in an address, in JSON, in base64. */
export function spellingsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const spellings = [value, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(value), encodeURI(value)]
  spellings.push(new URLSearchParams({ value }).toString().slice('value='.length))
  spellings.push(Buffer.from(value).toString('hex'))
  for (const text of [value, json]) for (const before of [0, 1, 2]) spellings.push(...base64Within(text, before))
  return [...new Set(spellings)]
}

/** What of the value's base64 stays the same with `before` bytes in front, and anything after it. */
function base64Within(value: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3))
  const skipped = before === 0 ? 0 : 4
  return [whole.toString('base64').slice(skipped), whole.toString('base64url').slice(skipped)]
}

/** Of what was said, the places where a value is in it; `said` by where it was said. */
export function leaks(said: Record<string, string>, values: string[]): string[] {
  const spellings = values.flatMap((value) => spellingsOf(value).map((spelling) => ({ value, spelling })))
  return Object.entries(said).flatMap(([where, text]) =>
    spellings
      .filter(({ spelling }) => text.includes(spelling))
      .map(({ value, spelling }) => {
        const at = text.indexOf(spelling)
        return `${where} tells ${value}: ...${text.slice(Math.max(0, at - 200), at + spelling.length + 50)}...`
      }),
  )
}

/** Shorter ones may be words that are used elsewhere too. */
const shortest = 16
/** Told on purpose: names of accounts and of tokens, times, certificates. */
const notSecret =
  /Mtime$|^tls\.crt$|^accounts\.[^.]+\.(tokens|capabilities|enabled)$|^(url|name|server|type|project|username)$/

/** The values of the Secrets that Tiphys itself keeps in a namespace. */
export async function keptSecrets(client: KubeClient, namespace: string): Promise<string[]> {
  const secrets = await listOf(client, '', 'Secret', namespace)
  return secrets.filter(isOurs).flatMap(({ data = {} }) => {
    const entries = Object.entries(data as Record<string, string>).filter(([name]) => !notSecret.test(name))
    return entries.flatMap(([, encoded]) => secretLines(Buffer.from(encoded, 'base64').toString('utf8')))
  })
}

function isOurs({ metadata: { name, labels = {} } }: KubeObject): boolean {
  return name.startsWith('argocd-') || labels['argocd.argoproj.io/secret-type'] !== undefined
}

/** Of a key, its lines: what is told of it may be broken elsewhere. Of JSON, its texts; some of it is broken on purpose. */
function secretLines(text: string): string[] {
  const lines = textsOfJson(text) ?? [text]
  return lines.flatMap((one) => one.split('\n')).filter((line) => line.length >= shortest && !line.startsWith('-----'))
}

function textsOfJson(text: string): string[] | undefined {
  try {
    return text.startsWith('{') ? textsIn(JSON.parse(text)) : undefined
  } catch {
    return undefined
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

export async function listOf(
  client: KubeClient,
  group: string,
  kind: string,
  namespace: string,
): Promise<KubeObject[]> {
  const resource = (await client.apiResources()).find(group, kind)
  const found: KubeObject[] = []
  if (resource) for await (const object of client.list(resource, { namespace })) found.push(object)
  return found
}

export interface Heard {
  /** Everything that was answered since, with the heads. */
  text(): string
  stop(): void
}

/** Listens to all answers of the servers that are started from now on in this process, streams too. */
export function hearAnswers(): Heard {
  const heard: string[] = []
  const hear = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) heard.push(Buffer.from(chunk as string).toString())
  }
  function listen(message: unknown): void {
    const { fastify: app } = message as { fastify: FastifyInstance }
    app.addHook('onRequest', async (_request, { raw }) => overhear(raw, hear))
  }
  subscribe('fastify.initialization', listen)
  return { text: () => heard.join(''), stop: () => void unsubscribe('fastify.initialization', listen) }
}

function overhear(response: FastifyReply['raw'], hear: (chunk: unknown) => void): void {
  for (const name of ['write', 'end'] as const) {
    const original = response[name].bind(response) as (...args: unknown[]) => never
    response[name] = (...args: unknown[]) => {
      if (name === 'end') hear(JSON.stringify({ ...response.getHeaders(), 'set-cookie': undefined }))
      hear(args[0])
      return original(...args)
    }
  }
}

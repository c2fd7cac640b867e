import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Application } from '../model/index.ts'
import { affectedApplications, indexApplications } from './affected.ts'
import { type WebhookEvent, WebhookRefused } from './event.ts'
import { deliver, type Fixture, fixtures } from './fixtures/deliveries.ts'
import { readWebhook } from './receive.ts'
import type { WebhookRequest } from './request.ts'

const all = Object.values<Fixture>(fixtures)
const fixture = fc.constantFrom(...all)
const subject = { metadata: { name: 'shop' }, spec: { source: { repoURL: 'https://github.com/acme/deploy' } } }
const index = indexApplications([subject as unknown as Application], () => true)

/** Reads it, and takes whatever it says as far as it goes. */
function survive(request: WebhookRequest): void {
  let events: WebhookEvent[] = []
  try {
    events = readWebhook(request).events
  } catch (error) {
    if (!(error instanceof WebhookRefused)) throw error
    expect([400, 401, 413]).toContain(error.status)
  }
  for (const event of events) affectedApplications(event, index)
}

const names = ['__proto__', 'constructor', 'toString', 'length', 'repository', 'commits', 'changes', 'ref', 'links']
const anything = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...names)), fc.jsonValue()),
  fc.constantFrom(null, true, 0, -1, 1e308, '', 'refs/heads/', '{{', {}, [], [[]], [null]),
)

/** The places in a value, outermost first. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))]
}

function replaced(value: unknown, path: string[], by: { value?: unknown }): unknown {
  const [key, ...rest] = path
  if (key === undefined) return by.value
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>
  if (rest.length === 0 && !('value' in by)) delete copy[key]
  else copy[key] = replaced(copy[key], rest, by)
  return copy
}

describe('whatever is sent, nothing but a refusal is thrown', () => {
  test('any JSON from any provider', () => {
    fc.assert(
      fc.property(fixture, anything, (chosen, payload) => survive(deliver(chosen, payload))),
      { numRuns: 500 },
    )
  })

  test('payloads in which something is missing, null or something else', () => {
    const mutated = fixture.chain((chosen) => {
      const change = fc.tuple(
        fc.constantFrom(...places(chosen.payload).slice(1)),
        fc.oneof(fc.constant({}), fc.record({ value: anything })),
      )
      return fc.tuple(fc.constant(chosen), fc.array(change, { minLength: 1, maxLength: 3 }))
    })
    fc.assert(
      fc.property(mutated, ([chosen, changes]) => {
        let payload: unknown = chosen.payload
        for (const [path, by] of changes) payload = replaced(payload, path, by)
        survive(deliver(chosen, payload))
      }),
      { numRuns: 2000 },
    )
  })

  test('any bytes, signed or not', () => {
    fc.assert(
      fc.property(fixture, fc.uint8Array({ maxLength: 200 }), fc.boolean(), (chosen, bytes, isSigned) => {
        const body = Buffer.from(bytes)
        const headers = { ...chosen.headers, ...(isSigned ? chosen.sign?.(body) : {}) }
        survive({ ...deliver(chosen), headers, body })
      }),
    )
  })

  test('any headers and queries, also broken signatures and passwords', () => {
    const header = fc.constantFrom(
      ...['X-GitHub-Event', 'X-Gitlab-Event', 'X-Gogs-Event', 'X-Gitea-Event', 'X-Hook-UUID', 'X-Event-Key'],
      ...['X-Vss-Activityid', 'Authorization', 'X-Hub-Signature', 'X-Hub-Signature-256', 'X-Gogs-Signature'],
      ...['X-Gitlab-Token', 'Content-Type', '__proto__'],
    )
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('push', 'package', 'sha256=', 'sha256=zz', 'sha1=00', 'Basic ', 'Basic Og==', undefined),
    )
    const headers = fc.dictionary(header, value)
    const query = fc.dictionary(fc.constantFrom('registry', 'token'), fc.oneof(value, fc.constant('quay')))
    fc.assert(
      fc.property(fixture, headers, query, (chosen, given, parameters) => {
        survive({ ...deliver(chosen), headers: given, query: parameters })
      }),
      { numRuns: 500 },
    )
  })
})

describe('however much is sent, it is read in bounded time', () => {
  function milliseconds(work: () => void): number {
    const started = performance.now()
    work()
    return performance.now() - started
  }

  test.each([
    ['a body nested two hundred thousand deep', `{"commits":${'['.repeat(2e5)}${']'.repeat(2e5)}}`],
    ['a body nested two hundred thousand deep that never closes', `{"repository":${'{"a":'.repeat(2e5)}`],
    ['two hundred thousand commits', `{"commits":[${'{},'.repeat(2e5)}{}]}`],
    ['a key of a million letters', `{"${'a'.repeat(1e6)}":1}`],
  ])('%s', (_what, text) => {
    const body = Buffer.from(text)
    for (const chosen of all) {
      const headers = { ...chosen.headers, ...chosen.sign?.(body) }
      expect(milliseconds(() => survive({ ...deliver(chosen), headers, body }))).toBeLessThan(10_000)
    }
  })

  test('a million changed files', () => {
    const added = Array.from({ length: 1e6 }, (_, number) => `file-${number}`)
    const payload = { ...fixtures.github.payload, commits: [{ added }] }
    expect(milliseconds(() => survive(deliver(fixtures.github, payload)))).toBeLessThan(10_000)
  })

  test('addresses and refs of a million letters', () => {
    for (const letter of ['a', '/', '.', ':', '@', '%', '(a+)+']) {
      const long = letter.repeat(1e6)
      const repository = { html_url: `https://${long}`, clone_url: long, default_branch: long }
      const payload = { ...fixtures.github.payload, ref: `refs/tags/${long}`, repository }
      expect(milliseconds(() => survive(deliver(fixtures.github, payload)))).toBeLessThan(10_000)
    }
  })
})

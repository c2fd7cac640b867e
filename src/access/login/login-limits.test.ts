import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openInstallation, start } from '../test-installation.ts'
import { FailureTable } from './failure-table.ts'
import { LoginLimits } from './login-limits.ts'

const settings = { mostFailures: 5, windowSeconds: 300, mostAtOnce: 50 }
const open = (text?: string) => new LoginLimits(settings, (bytes) => Buffer.alloc(bytes, 1), text)

/** How many of so many failing attempts were let through. */
function fail(
  limits: LoginLimits,
  times: number,
  { account = 'alice', address = '192.0.2.1', now = start } = {},
): number {
  return Array.from({ length: times }, () => limits.begin({ account, address }, now)).filter(
    (refusal) => refusal === undefined,
  ).length
}

test('an account can fail five times from one address, and again when the window has passed', () => {
  const limits = open()
  expect(fail(limits, 20)).toBe(5)
  expect(fail(limits, 20, { now: start + 299_000 })).toBe(0)
  expect(fail(limits, 1, { address: '192.0.2.2' })).toBe(1)
  expect(fail(limits, 1, { account: 'bob' })).toBe(1)
  expect(fail(limits, 20, { now: start + 301_000 })).toBe(5)
})

test('an address can fail for any accounts twenty times, an account from any addresses a hundred times', () => {
  const limits = open()
  const perAccount = Array.from({ length: 100 }, (_, at) => fail(limits, 1, { account: `user-${at}` }))
  expect(perAccount.filter(Boolean)).toHaveLength(20)
  const perAddress = Array.from({ length: 200 }, (_, at) =>
    fail(limits, 1, { account: 'admin', address: `198.51.100.${at}` }),
  )
  expect(perAddress.filter(Boolean)).toHaveLength(100)
})

test('who has signed in before is not locked out by failures from elsewhere', () => {
  const limits = open()
  const own = { account: 'admin', address: '203.0.113.1' }
  limits.begin(own, start)
  limits.succeeded(own)
  for (let at = 0; at < 200; at++) fail(limits, 1, { account: 'admin', address: `198.51.100.${at}` })
  expect(fail(limits, 1, { account: 'admin', address: '203.0.113.2' })).toBe(0)
  expect(limits.begin(own, start)).toBeUndefined()
  expect(fail(open(limits.toText(start)), 1, own)).toBe(1)
})

test('an address of IPv6 counts by its network, and one of IPv4 is the same in either form', () => {
  const limits = open()
  for (let at = 0; at < 5; at++) fail(limits, 1, { address: `2001:db8:0:7::${at}` })
  expect(fail(limits, 1, { address: '2001:0db8:0000:0007:ffff::1' })).toBe(0)
  expect(fail(limits, 1, { address: '2001:db8:0:8::1' })).toBe(1)
  expect(fail(limits, 5)).toBe(5)
  expect(fail(limits, 1, { address: '::ffff:192.0.2.1' })).toBe(0)
})

// CVE-2024-21652 and CVE-2024-21662: the cache of failures could be overflowed, and was lost in a crash.
test('neither a flood of other failures nor a restart makes a count forgotten', () => {
  let limits = open()
  fail(limits, 5)
  for (let at = 0; at < 30_000; at++)
    limits.begin({ account: `x-${at}`, address: `10.${at % 250}.${(at >> 8) % 250}.1` }, start)
  expect(fail(limits, 1)).toBe(0)
  limits = open(limits.toText(start + 1000))
  expect(fail(limits, 1, { now: start + 2000 })).toBe(0)
  expect(limits.toText(start).length).toBeLessThan(200_000)
})

test('successes of others, and own ones, leave a count as it is', () => {
  const limits = open()
  fail(limits, 4)
  for (let at = 0; at < 5000; at++) {
    const attempt = { account: 'mallory', address: `10.0.${at >> 8}.${at % 250}` }
    if (limits.begin(attempt, start) === undefined) limits.succeeded(attempt)
  }
  const own = { account: 'alice', address: '192.0.2.1' }
  limits.begin(own, start)
  limits.succeeded(own)
  expect(fail(limits, 5)).toBe(1)
})

test('what was kept and cannot be read does not keep the process from starting', () => {
  for (const text of ['', 'x', '{}', '[]', 'null', '{"key":"","pairs":"","addresses":"","accounts":"","known":""}']) {
    expect(fail(open(text), 6), text).toBe(5)
  }
})

test('a count is never lower than what happened within the window, whatever else happens', () => {
  const failure = fc.record({
    name: fc.integer({ min: 0, max: 400 }).map(String),
    wait: fc.integer({ min: 0, max: 40 }),
  })
  fc.assert(
    fc.property(fc.array(failure, { maxLength: 400 }), (failures) => {
      const table = new FailureTable(Buffer.from('key'), 300)
      const happened = new Map<string, { count: number; last: number }>()
      let now = 1_000_000
      for (const { name, wait } of failures) {
        now += wait
        const before = happened.get(name)
        happened.set(name, { count: before && now - before.last <= 300 ? before.count + 1 : 1, last: now })
        table.add(name, now)
      }
      const restored = new FailureTable(Buffer.from('key'), 300)
      restored.take(table.toText(now), now)
      for (const [name, { count, last }] of happened) {
        const least = now - last <= 300 ? count : 0
        expect(table.count(name, now)).toBeGreaterThanOrEqual(least)
        expect(restored.count(name, now)).toBe(table.count(name, now))
      }
    }),
  )
})

test('attempts at the same time get no more than attempts one after another', async () => {
  const { access } = await openInstallation()
  const attempts = Array.from({ length: 20 }, () => access.signIn('alice', 'wrong', { address: '192.0.2.1' }))
  const reasons = (await Promise.allSettled(attempts)).map((one) =>
    one.status === 'rejected' ? String(one.reason.reason) : '',
  )
  expect(reasons.filter((reason) => reason.endsWith('wrong password'))).toHaveLength(5)
  await expect(access.signIn('alice', 'alice-password', { address: '192.0.2.1' })).rejects.toThrow(
    'Invalid username or password',
  )
})

test('a lock holds over a restart, and for the whole window', async () => {
  const installation = await openInstallation()
  const signIn = (password: string) => installation.access.signIn('alice', password, { address: '192.0.2.1' })
  for (let at = 0; at < 5; at++) await expect(signIn('wrong')).rejects.toThrow()
  await installation.restart()
  await expect(signIn('alice-password')).rejects.toMatchObject({ reason: expect.stringContaining('too many failures') })
  installation.now += 301_000
  expect(await signIn('alice-password')).toHaveProperty('token')
})

test('so many at once are checked or wait, and the others are told to come back', async () => {
  const { access } = await openInstallation({ mostAtOnce: 5 })
  const attempts = Array.from({ length: 8 }, (_, at) => access.signIn(`x-${at}`, 'wrong', { address: `10.0.0.${at}` }))
  const kinds = (await Promise.allSettled(attempts)).map((one) => (one.status === 'rejected' ? one.reason.kind : ''))
  expect(kinds.filter((kind) => kind === 'busy')).toHaveLength(3)
  expect(kinds.filter((kind) => kind === 'unauthenticated')).toHaveLength(5)
})

test('two processes count together what each of them has counted, and take back together what was none', () => {
  let stored: string | undefined
  const save = (limits: LoginLimits) => {
    stored = limits.textWith(stored, now)
    limits.saved()
  }
  const now = Date.UTC(2026, 0, 1)
  const settings = { mostFailures: 5, windowSeconds: 300, mostAtOnce: 50 }
  const attempt = { account: 'ann', address: '192.0.2.1' }
  const one = new LoginLimits(settings, randomBytes)
  save(one)
  const other = new LoginLimits(settings, randomBytes, stored)
  for (let tries = 0; tries < 2; tries++) one.begin(attempt, now)
  for (let tries = 0; tries < 2; tries++) other.begin(attempt, now)
  save(one)
  save(other)
  one.take(stored, now)
  // Four of five: the fifth is let in and found to be right, wherever it comes.
  expect(one.begin(attempt, now)).toBeUndefined()
  save(one)
  one.undo(attempt)
  save(one)
  other.take(stored, now)
  expect(other.begin(attempt, now)).toBeUndefined()
  save(other)
  one.take(stored, now)
  expect(one.begin(attempt, now)).toBe('too many failures of this account from this address')
})

test('of two processes that start on nothing at once, both go on with what is stored', () => {
  const now = Date.UTC(2026, 0, 1)
  const settings = { mostFailures: 1, windowSeconds: 300, mostAtOnce: 50 }
  const [one, other] = [new LoginLimits(settings, randomBytes), new LoginLimits(settings, randomBytes)]
  one.begin({ account: 'ann', address: '192.0.2.1' }, now)
  const stored = one.textWith(undefined, now)
  other.take(stored, now)
  expect(other.begin({ account: 'ann', address: '192.0.2.1' }, now)).toBeDefined()
})

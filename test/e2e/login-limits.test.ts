/** Passwords are not found out by trying: not by many tries, not over a restart, and not from how an answer comes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ 'accounts.off': 'login', 'accounts.off.enabled': 'false', 'accounts.key': 'apiKey' })
})
afterAll(() => world.stop())

async function signIn(username: string, password: string) {
  const started = performance.now()
  const response = await fetch(`${world.tiphys().url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  const text = await response.text()
  return { status: response.status, text, ms: performance.now() - started, headers: [...response.headers.keys()] }
}

test('an account that is there is refused like one that is not, and no faster', async () => {
  const names = ['admin', 'nobody', 'off', 'key', 'constructor', '__proto__', 'x'.repeat(100), '']
  const answers = await Promise.all(names.map((name) => signIn(name, 'wrong-password')))
  const [first] = answers
  for (const { status, text, headers, ms } of answers) {
    expect({ status, text, headers }).toEqual({ status: 401, text: first?.text, headers: first?.headers })
    // Half a second and more, by chance: longer than what is done differs.
    expect(ms).toBeGreaterThan(450)
  }
})

test('after five failures the right password is refused too, and a restart does not change that', async () => {
  const password = world.tiphys().adminPassword ?? ''
  expect((await signIn('admin', password)).status).toBe(200)
  const wrong = await Promise.all(Array.from({ length: 6 }, () => signIn('admin', 'wrong-password')))
  expect(wrong.map(({ status }) => status)).toEqual(Array(6).fill(401))
  const refused = await signIn('admin', password)
  expect([refused.status, refused.text]).toEqual([401, wrong[0]?.text])
  await world.restart()
  expect((await signIn('admin', password)).status).toBe(401)
  // Neither do the names of others push the count out.
  await Promise.all(Array.from({ length: 40 }, (_, at) => signIn(`somebody-${at}`, 'wrong-password')))
  expect((await signIn('admin', password)).status).toBe(401)
})

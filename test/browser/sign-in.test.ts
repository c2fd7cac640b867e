import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, expectNoFaults, openPageWorld, type PageWorld } from './page-world.ts'

let world: PageWorld
beforeAll(async () => {
  world = await openPageWorld()
})
afterAll(() => world.close())

test('who is not signed in is asked to, and led to where they wanted to be', async () => {
  const page = await world.newPage()
  await page.goto('/settings/appearance')
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page
    .getByRole('alert')
    .filter({ hasText: /invalid/i })
    .waitFor()
  await expectAccessible(page)

  await page.getByLabel('Password').fill(world.demo.tiphys.adminPassword ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/settings/appearance')
  expectNoFaults(page)
})

test('signing out ends the session here and on the server', async () => {
  const page = await world.signedIn('/applications')
  await page.getByRole('button', { name: 'admin' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  expect((await page.request.get('/api/v1/applications')).status()).toBe(401)
  expectNoFaults(page)
})

test('an address of another site in return_url leads nowhere', async () => {
  const page = await world.newPage()
  await page.goto('/login?return_url=https://elsewhere.example/')
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(world.demo.tiphys.adminPassword ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  expect(page.url()).toBe(`${world.demo.tiphys.url}/applications`)
})

test('the first page loads less than 300 kB of compressed script', async () => {
  const page = await world.newPage()
  const data = { username: 'admin', password: world.demo.tiphys.adminPassword ?? '' }
  await page.request.post('/api/v1/session', { data })
  const sizes: number[] = []
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.endsWith('.js')) return
    expect(response.headers()['content-encoding']).toMatch(/^(br|gzip)$/)
    sizes.push(Number(response.headers()['content-length']))
  })
  await page.goto('/applications')
  await page.getByRole('link', { name: 'storefront' }).first().waitFor()
  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(100_000)
  expect(total).toBeLessThan(300_000)
})

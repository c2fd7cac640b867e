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

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, expectNoFaults, openPageWorld, type PageWorld } from './page-world.ts'

let world: PageWorld
beforeAll(async () => {
  world = await openPageWorld()
})
afterAll(() => world.close())

test('objects of all applications are searched and filtered by the server, and lead to where they are', async () => {
  const page = await world.signedIn('/resources')
  const rows = page.getByRole('table').getByRole('row')
  await page.getByRole('row', { name: /StatefulSet database/ }).waitFor()
  await expectAccessible(page)
  const before = await rows.count()

  await page.getByRole('button', { name: 'Kind', exact: true }).click()
  await page.getByRole('checkbox', { name: /apps\/Deployment/ }).check()
  await page.keyboard.press('Escape')
  await expect.poll(() => rows.count()).toBeLessThan(before)
  for (const text of (await rows.allInnerTexts()).slice(1)) expect(text).toContain('Deployment')

  await page.getByRole('searchbox').fill('gateway')
  await expect.poll(() => rows.count()).toBe(2)
  // What is chosen can be sent to somebody.
  expect(new URL(page.url()).searchParams.toString()).toBe('kind=apps%2FDeployment&search=gateway')
  await page.reload()
  await expect.poll(() => rows.count()).toBe(2)
  await page.getByRole('link', { name: 'gateway' }).click()
  await page.waitForURL('**/applications/argocd/payments?resource=apps%2FDeployment%2Fpayments%2Fgateway')
  expectNoFaults(page)
})

test('an application set is written as YAML, shown by its generators, and deleted by its name', async () => {
  const page = await world.signedIn('/applicationsets')
  await page.getByRole('button', { name: 'New application set' }).first().click()
  await page.getByRole('dialog').getByText('clusters').waitFor()
  await expectAccessible(page)
  // The schema of the server marks what it does not know.
  await page.locator('.cm-line', { hasText: 'clusters: {}' }).click()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('x')
  await page.locator('.cm-lintRange', { hasText: 'xclusters' }).waitFor()
  await page.keyboard.press('Backspace')
  await page.locator('.cm-lintRange').waitFor({ state: 'detached' })
  await page.getByRole('dialog').getByRole('button', { name: 'New application set' }).click()
  await page.waitForURL('**/applicationsets/argocd/shops')
  await page.getByRole('listitem').filter({ hasText: 'clusters' }).waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByLabel('Type shops to confirm').fill('shops')
  await page.getByRole('button', { name: 'Delete application set shops' }).click()
  await page.getByText('No application sets').waitFor()
  expectNoFaults(page)
})

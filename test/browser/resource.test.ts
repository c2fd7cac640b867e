import { setTimeout as sleep } from 'node:timers/promises'
import { load } from 'js-yaml'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/kube/connect.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { loadConfig } from '../../src/kube/load-config.ts'
import { expectAccessible, expectNoFaults, openPageWorld, type PageWorld } from './page-world.ts'

let world: PageWorld
let cluster: KubeClient

const storefront = {
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind: 'Application',
  namespace: 'argocd',
  name: 'storefront',
}
const web = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'storefront', name: 'web' }
const configMap = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'storefront', name: 'web' }
const viewer = { name: 'viewer', password: 'may only look 1' }

const longer = { timeout: 30_000 }
const panelOf = (page: Page) => page.getByRole('dialog').first()

function address(resource: string, tab: string): string {
  return `/applications/argocd/storefront?resource=${resource}&tab=${tab}`
}

async function settings(name: string, data: Record<string, string>): Promise<void> {
  const metadata = { name, namespace: 'argocd' }
  await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { fieldManager: 'test' })
}

beforeAll(async () => {
  world = await openPageWorld()
  cluster = connect(await loadConfig({ kubeconfig: world.demo.kubeconfig }))
  await settings('argocd-cm', { 'exec.enabled': 'true', 'accounts.viewer': 'login' })
  await settings('argocd-rbac-cm', { 'policy.csv': 'g, viewer, role:readonly' })
  while (!Object.hasOwn(Object((await cluster.get(web))?.status), 'availableReplicas')) await sleep(200)
  // What is changed here is not to be healed.
  await cluster.patch(storefront, { spec: { syncPolicy: { automated: null } } }, { type: 'merge' })
})
afterAll(async () => {
  await cluster.close()
  await world.close()
})

test('a field that somebody changes is told with who and when, and the copied rule ignores it', async () => {
  const page = await world.signedIn('/applications/argocd/storefront?view=changes')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByText('Every field that Git declares').waitFor(longer)

  const patch = { spec: { replicas: 4, template: { spec: { containers: [{ name: 'web', image: 'other:1' }] } } } }
  await cluster.patch(web, patch, { type: 'strategic', fieldManager: 'somebody' })
  const replicas = page.getByRole('row', { name: /^spec\.replicas/ })
  await expect.poll(() => replicas.textContent(), longer).toMatch(/24somebody(now|\d+s ago)/)
  await page.getByRole('button', { name: 'Show the YAML of web' }).click()
  await expect.poll(() => page.locator('.cm-note').first().textContent(), longer).toMatch(/^somebody · /)
  await expectAccessible(page, 'table, .cm-mergeView')

  const rules: unknown[] = []
  for (const path of ['spec.replicas', 'spec.template.spec.containers[name=web].image']) {
    await page.getByRole('button', { name: `Copy the ignoreDifferences rule for ${path}`, exact: true }).click()
    rules.push(...(load(await page.evaluate<string>('navigator.clipboard.readText()')) as unknown[]))
  }
  await cluster.patch(storefront, { spec: { ignoreDifferences: rules } }, { type: 'merge' })
  await page.getByText('Every field that Git declares').waitFor(longer)
  await page.getByRole('button', { name: /^Ignored/ }).click()
  await page.getByText('select(.name == "web").image').waitFor(longer)
  expectNoFaults(page)
})

test('each view of a resource has its address and is accessible', async () => {
  const page = await world.signedIn(address('apps/Deployment/storefront/web', 'overview'))
  const panel = panelOf(page)
  await panel.getByRole('tab', { name: 'Terminal' }).waitFor(longer)
  for (const name of ['Overview', 'Changes', 'YAML', 'Events', 'Logs', 'Terminal', 'Actions']) {
    await panel.getByRole('tab', { name }).click()
    await expect.poll(() => panel.locator('[aria-busy]').count(), longer).toBe(0)
    await expectAccessible(page, '[role=dialog]')
  }
  expect(new URL(page.url()).searchParams.get('tab')).toBe('actions')
  expectNoFaults(page)
})

test('a log goes on by itself, and what is searched is marked', async () => {
  const page = await world.signedIn(address('apps/Deployment/storefront/web', 'logs'))
  const log = page.getByRole('log')
  await log.getByText('ready').first().waitFor(longer)
  const said = async () => (await log.textContent())?.match(/healthy, up/g)?.length ?? 0
  const before = await said()
  // The container says how it is every 15 seconds.
  await expect.poll(said, { timeout: 40_000 }).toBeGreaterThan(before)
  await page.getByRole('searchbox', { name: 'Search in the log' }).fill('READY')
  await expect.poll(() => log.locator('mark').first().textContent()).toBe('ready')
  await page.getByRole('button', { name: 'Only lines with it' }).click()
  await expect.poll(said).toBe(0)
  expectNoFaults(page)
})

test('what is typed in a terminal is answered, in colours, within the content policy', async () => {
  const page = await world.signedIn(address('apps/Deployment/storefront/web', 'terminal'))
  await page.getByRole('button', { name: 'Open a terminal' }).click(longer)
  await page.getByText('Connected').waitFor(longer)
  // Said as one and typed as two: what comes back is the answer, not the echo.
  await page.keyboard.type(`echo "an"'swer'\n`)
  await expect.poll(() => page.locator('.xterm-rows').textContent(), longer).toMatch(/'swer'\s*answer/)
  await page.keyboard.type('exit\n')
  await page.getByText('The shell has ended').waitFor(longer)
  expectNoFaults(page)
})

test('a live object is changed after its difference has been seen', async () => {
  const page = await world.signedIn(address('/ConfigMap/storefront/web', 'yaml'))
  await page.getByRole('button', { name: 'Edit the live object' }).click(longer)
  await page.locator('.cm-line', { hasText: 'GREETING' }).click(longer)
  await page.keyboard.press('End')
  await page.keyboard.type(' there')
  await page.getByRole('button', { name: 'Review the changes' }).click()
  await page.getByRole('button', { name: 'Change ConfigMap web' }).click(longer)
  await expect.poll(async () => (await cluster.get(configMap))?.data, longer).toMatchObject({ GREETING: 'Hello there' })
  expectNoFaults(page)
})

test('a live object that somebody has changed meanwhile is not overwritten, and what was typed is kept', async () => {
  const page = await world.signedIn(address('/ConfigMap/storefront/web', 'yaml'))
  await page.getByRole('button', { name: 'Edit the live object' }).click(longer)
  await page.locator('.cm-line', { hasText: 'GREETING' }).click(longer)
  await page.keyboard.press('End')
  await page.keyboard.type(' again')
  await cluster.patch(configMap, { data: { OTHER: 'theirs' } }, { type: 'merge', fieldManager: 'somebody' })
  await page.getByRole('button', { name: 'Review the changes' }).click()
  await page.getByRole('button', { name: 'Change ConfigMap web' }).click(longer)
  await page.getByText('ConfigMap web has been changed by somebody else since you opened it').waitFor(longer)
  expect((await cluster.get(configMap))?.data).toMatchObject({ GREETING: 'Hello there' })
  await expectAccessible(page, '[role=dialog]')
  await page.getByRole('button', { name: 'Load it, and keep my changes' }).click()
  await page.locator('.cm-line', { hasText: 'OTHER: theirs' }).waitFor()
  await page.getByRole('button', { name: 'Review the changes' }).click()
  await page.getByRole('button', { name: 'Change ConfigMap web' }).click(longer)
  await expect
    .poll(async () => (await cluster.get(configMap))?.data, longer)
    .toMatchObject({ GREETING: 'Hello there again', OTHER: 'theirs' })
  expectNoFaults(page)
})

test('an action that replaces Pods asks before it runs', async () => {
  const page = await world.signedIn(address('apps/Deployment/storefront/web', 'actions'))
  await page.getByRole('button', { name: 'Restart', exact: true }).click(longer)
  await page.getByRole('button', { name: 'Restart web' }).click()
  await expect
    .poll(async () => JSON.stringify((await cluster.get(web))?.spec), longer)
    .toContain('kubectl.kubernetes.io/restartedAt')
  expectNoFaults(page)
})

test('who may only look is offered nothing that changes anything', async () => {
  const admin = await world.signedIn('/user-info')
  const { adminPassword = '' } = world.demo.tiphys
  const data = { name: viewer.name, currentPassword: adminPassword, newPassword: viewer.password }
  const answer = await admin.request.put('/api/v1/account/password', { data })
  expect(answer.status(), await answer.text()).toBe(200)

  const page = await world.signedIn(address('apps/Deployment/storefront/web', 'yaml'), viewer)
  const panel = panelOf(page)
  await panel.locator('.cm-content').waitFor(longer)
  expect(await panel.getByRole('tab').allTextContents()).toEqual(['Overview', 'Changes', 'YAML', 'Events', 'Logs'])
  expect(await panel.getByRole('button', { name: 'Edit the live object' }).count()).toBe(0)
  expectNoFaults(page)
})

import { execFileSync } from 'node:child_process'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/kube/connect.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { loadConfig } from '../../src/kube/load-config.ts'
import { expectAccessible, expectNoFaults, openPageWorld, type PageWorld } from './page-world.ts'

let world: PageWorld
let cluster: KubeClient
beforeAll(async () => {
  world = await openPageWorld()
  cluster = connect(await loadConfig({ kubeconfig: world.demo.kubeconfig }))
})
afterAll(async () => {
  await cluster?.close()
  await world.close()
})

const application = (name: string) => ({
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind: 'Application',
  namespace: 'argocd',
  name,
})
const deployment = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'storefront', name: 'web' }
const configMap = (name: string, namespace = 'argocd') => ({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  namespace,
  name,
})

const heading = (page: Page, name: RegExp) => page.getByRole('heading', { level: 1, name }).waitFor({ timeout: 60_000 })
const item = (page: Page, name: RegExp) => page.getByRole('treeitem', { name }).waitFor({ timeout: 30_000 })

async function automate(name: string, isOn: boolean): Promise<void> {
  await cluster.patch(application(name), { spec: { syncPolicy: { automated: { enabled: isOn } } } }, { type: 'merge' })
}

test('an application says in a sentence how it stands, and what somebody changes by hand is seen without loading anew', async () => {
  await automate('storefront', false)
  const page = await world.signedIn('/applications')
  await page.getByRole('link', { name: 'storefront', exact: true }).click()
  await heading(
    page,
    /^storefront runs [0-9a-f]{7} \(main, Sample author, .*\) on in-cluster\/storefront: as declared, healthy\.$/,
  )
  await item(page, /^web Deployment Healthy/)
  await expectAccessible(page)

  await cluster.patch(deployment, { spec: { replicas: 4 } }, { type: 'merge', fieldManager: 'kubectl-edit' })
  await cluster.delete(configMap('banner', 'storefront'))
  await heading(page, /2 objects drifted: spec\.replicas 2 → 4 by kubectl-edit/)
  await item(page, /^web Deployment spec\.replicas 2 → 4 Drifted/)
  await item(page, /^banner ConfigMap not there yet Drifted/)
  await item(page, /^4\sPods/)
  await page.getByRole('button', { name: 'Sync 2 changes' }).waitFor()
  await expectAccessible(page)
  expectNoFaults(page)
})

test('a sync that somebody else starts is seen going through the tree', async () => {
  const page = await world.signedIn('/applications/storefront')
  await item(page, /^banner ConfigMap not there yet/)
  expect(new URL(page.url()).pathname).toBe('/applications/argocd/storefront')
  expect((await page.request.post('/api/v1/applications/storefront/sync', { data: {} })).status()).toBe(200)
  await heading(page, /as declared, healthy/)
  await item(page, /^banner ConfigMap$/)
  await item(page, /^2\sPods Healthy/)
  await page.getByText(/^Last sync to/).waitFor()
  await page.getByRole('button', { name: 'Details' }).click()
  await page
    .getByRole('dialog', { name: 'Last operation on storefront' })
    .getByRole('button', { name: /ConfigMap banner/ })
    .waitFor()
  await expectAccessible(page)
  expectNoFaults(page)
})

test('the tree is read by its keys, and a node opens its panel with the tree in sight', async () => {
  const page = await world.signedIn('/applications/argocd/storefront')
  await item(page, /^storefront Application/)
  const tree = page.getByRole('tree')
  await tree.focus()
  const active = async () => {
    const id = await tree.getAttribute('aria-activedescendant')
    // biome-ignore lint/performance/useDomNodeTextContent: only what is drawn has spaces between its parts
    return (await page.locator(`[id="${id}"]`).innerText()).replace(/\s+/g, ' ')
  }
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
    return active()
  }
  expect(await press('ArrowRight')).toMatch(/^web Service/)
  expect(await press('ArrowDown', 'ArrowRight')).toMatch(/^web-\w+ ReplicaSet/)
  expect(await press('ArrowRight')).toMatch(/^2 Pods/)
  expect(await press('ArrowLeft', 'ArrowLeft')).toMatch(/^web Deployment/)
  await press(' ')
  await page.getByRole('treeitem', { name: /ReplicaSet/ }).waitFor({ state: 'detached' })
  await press(' ', 'Enter')
  await page.getByRole('dialog').getByRole('heading', { name: /web/ }).first().waitFor()
  expect(new URL(page.url()).searchParams.get('resource')).toBe('apps/Deployment/storefront/web')
  const box = await page.getByRole('treeitem', { name: /^web Deployment/ }).boundingBox()
  const panel = await page.getByRole('dialog').boundingBox()
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(panel?.x ?? 0)
  // However wide the panel is.
  await page.setViewportSize({ width: 1600, height: 900 })
  await page.getByRole('button', { name: 'Widen' }).click()
  const gap = async () => {
    const [node, cover] = await Promise.all([
      page.getByRole('treeitem', { name: /^web Deployment/ }).boundingBox(),
      page.getByRole('dialog').boundingBox(),
    ])
    return (cover?.x ?? 0) - (node?.x ?? 0)
  }
  await expect.poll(gap).toBeGreaterThan(100)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expectNoFaults(page)
})

test('its resources are shown as rows, as ways over the network, by node, and in time; each view has an address', async () => {
  const page = await world.signedIn('/applications/argocd/storefront')
  const views = page.getByRole('navigation', { name: 'Views of the application' })
  await views.getByRole('link', { name: 'List' }).click()
  await page.getByRole('search').getByRole('button', { name: 'Kind' }).click()
  await page.getByRole('menuitemcheckbox', { name: /ConfigMap/ }).click()
  await expect.poll(() => page.getByRole('row').count()).toBe(3)
  expect(new URL(page.url()).search).toBe('?view=list&kind=ConfigMap')
  await expectAccessible(page)

  await views.getByRole('link', { name: 'Network' }).click()
  await item(page, /^web Service/)
  await item(page, /^2\sPods/)
  await expectAccessible(page)

  await views.getByRole('link', { name: 'Pods' }).click()
  await page
    .getByRole('region', { name: 'sandbox-0' })
    .getByText(/of 64 asked for/)
    .waitFor()
  await page.getByRole('button', { name: 'By owner' }).click()
  await page.getByRole('region', { name: 'web' }).getByRole('button').nth(1).waitFor()
  await expectAccessible(page)

  await views.getByRole('link', { name: 'Timeline' }).click()
  await page
    .getByRole('button', { name: /Drifted.*spec\.replicas: 4 instead of 2, by kubectl-edit/ })
    .first()
    .click()
  await page.getByRole('complementary').getByText('Drifted').waitFor()
  await expectAccessible(page)
  expectNoFaults(page)
})

test('turning auto-sync on says what it will do, and a commit that cannot run is told with its cause', async () => {
  const page = await world.signedIn('/applications/argocd/storefront')
  await page.getByRole('switch', { name: 'Auto-sync' }).click()
  await page.getByText(/From then on every commit is synced/).waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn auto-sync on' }).click()
  await expect.poll(() => page.getByRole('switch', { name: 'Auto-sync' }).getAttribute('aria-checked')).toBe('true')
  const file = 'storefront/deployment.yaml'
  const text = (await world.demo.repository.read(file)).replace(/web:1\.0\.0/, 'web:missing')
  await world.demo.repository.commit('A version that does not exist', { [file]: text })
  await heading(
    page,
    /^storefront runs [0-9a-f]{7} \(main, Sample author, [^)]+\) on in-cluster\/storefront: as declared, but degraded: Deployment web → Pod web-\w+-\w+: (ErrImagePull|ImagePullBackOff)\.$/,
  )
  await page.getByRole('button', { name: 'Whole message' }).click()
  await page
    .getByRole('paragraph')
    .filter({ hasText: /^(ErrImagePull|ImagePullBackOff): .*web:missing/ })
    .waitFor()
  await expectAccessible(page)
  await page
    .getByRole('heading', { level: 1 })
    .getByRole('link', { name: /^Pod web-/ })
    .click()
  await page.getByRole('dialog').waitFor()
  expect(new URL(page.url()).searchParams.get('resource')).toMatch(/^\/Pod\/storefront\/web-/)
  expectNoFaults(page)
})

test('what no application declares is drawn apart, once somebody asks for it', async () => {
  const project = { ...application('default'), kind: 'AppProject' }
  await cluster.patch(project, { spec: { orphanedResources: { warn: false } } }, { type: 'merge' })
  const left = { name: 'left-behind', namespace: 'database' }
  await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: left, data: { a: 'b' } })
  const page = await world.signedIn('/applications/argocd/database')
  const shows = page.getByRole('switch', { name: '1 orphaned' })
  await shows.waitFor({ timeout: 30_000 })
  expect(await page.getByRole('treeitem', { name: /left-behind/ }).count()).toBe(0)
  await shows.click()
  await item(page, /^Orphaned 1 resource$/)
  await item(page, /^left-behind ConfigMap, orphaned$/)
  await expectAccessible(page)
  await page.getByRole('treeitem', { name: /left-behind/ }).click()
  await page
    .getByRole('dialog')
    .getByText(/no application declares it/)
    .waitFor()
  expectNoFaults(page)
})

test('on a phone the tree is rows, and all of it is in reach', async () => {
  const page = await world.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const data = { username: 'admin', password: world.demo.tiphys.adminPassword }
  await page.request.post('/api/v1/session', { data })
  await page.goto('/applications/argocd/database')
  await page
    .getByRole('button', { name: /StatefulSet/ })
    .first()
    .waitFor()
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  await expectAccessible(page)
  await page.getByRole('button', { name: /Fold StatefulSet database/ }).tap()
  await expect.poll(() => page.getByText(/^2\sPods/).count()).toBe(0)
  expectNoFaults(page)
})

test('who may only read is offered nothing else', async () => {
  await cluster.patch(configMap('argocd-cm'), { data: { 'accounts.reader': 'login' } }, { type: 'merge' })
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-rbac-cm', namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    data: { 'policy.csv': 'g, reader, role:readonly' },
  })
  const admin = await world.signedIn()
  const password = 'a password to read with'
  const change = { name: 'reader', currentPassword: world.demo.tiphys.adminPassword, newPassword: password }
  await expect
    .poll(async () => (await admin.request.put('/api/v1/account/password', { data: change })).status())
    .toBe(200)
  const page = await world.signedIn('/applications/argocd/database', { name: 'reader', password })
  await item(page, /^database StatefulSet/)
  await page.getByText('Auto-sync is on').waitFor()
  expect(await page.getByRole('switch', { name: 'Auto-sync' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: /^Sync (\d|again)/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Hard refresh' }).waitFor()
  expect(await page.getByRole('menuitem', { name: /Delete|Edit|Pin/ }).count()).toBe(0)
  expectNoFaults(page)
})

test('deleting says what it destroys and asks for the name; the page tells when it has gone', async () => {
  const page = await world.signedIn('/applications/argocd/catalog')
  await heading(page, /as declared/)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByText(/objects in in-cluster\/catalog, and everything that they own, will be destroyed/).waitFor()
  const button = page.getByRole('dialog').getByRole('button', { name: 'Delete catalog' })
  expect(await button.isDisabled()).toBe(true)
  await expectAccessible(page)
  await page.getByLabel('Type catalog to confirm').fill('catalog')
  await button.click()
  await page.getByText('This application has been deleted').waitFor({ timeout: 60_000 })
  expect((await page.request.get('/api/v1/applications/catalog')).status()).toBe(403)
  expectNoFaults(page)
})

test('what a range holds back is told, with what to write for it', async () => {
  const { path } = world.demo.repository
  for (const tag of ['v1.0.0', 'v2.0.0']) execFileSync('git', ['-C', path, 'tag', tag, 'main'])
  const target = (targetRevision: string) =>
    cluster.patch(application('storefront'), { spec: { source: { targetRevision } } }, { type: 'merge' })
  await target('1.x')
  const page = await world.signedIn('/applications/storefront')
  await page
    .getByText(/^There is a newer version: v2\.0\.0 of .* \(1\.x allows v1\.0\.0\)\. targetRevision for it: 2\.x$/)
    .waitFor()
  await expectAccessible(page)
  await target('main')
  await page.getByText(/^There is a newer version/).waitFor({ state: 'detached' })
  expectNoFaults(page)
})

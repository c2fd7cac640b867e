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
  await cluster.close()
  await world.close()
})

const application = (name: string) => ({
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind: 'Application',
  namespace: 'argocd',
  name,
})
const configMap = (name: string) => ({ group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd', name })

test('the first page says how all applications stand, and its filters are in the address', async () => {
  const page = await world.signedIn('/applications')
  await page.getByRole('heading', { name: '6 applications: all as declared.' }).waitFor({ timeout: 60_000 })
  await expectAccessible(page)

  await page.keyboard.press('/')
  await page.keyboard.type('front')
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  expect(new URL(page.url()).search).toBe('?search=front')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByRole('tab', { name: 'Namespace' }).click()
  await page.getByRole('checkbox', { name: /^payments/ }).check()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  expect(new URL(page.url()).search).toBe('?namespace=payments')

  const other = await world.signedIn('/applications?namespace=payments&view=tiles')
  await other.getByRole('button', { name: 'Remove filter Namespace: payments' }).waitFor()
  await expect.poll(() => other.getByRole('link', { name: /payments.*Healthy/ }).count()).toBe(1)
  await other.goBack().catch(() => undefined)
  expectNoFaults(page)
  expectNoFaults(other)
})

test('j and k move, x selects, and Enter opens', async () => {
  const page = await world.signedIn('/applications')
  await page.getByRole('row').filter({ hasText: 'catalog' }).waitFor()
  for (const key of ['j', 'j', 'k', 'x']) await page.keyboard.press(key)
  await page.getByText('1 selected').first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/applications/argocd/catalog')
})

test('a sync of many leaves out what is as declared, and says so', async () => {
  const page = await world.signedIn('/applications')
  await page.getByRole('checkbox', { name: 'Select catalog', exact: true }).check()
  await page.getByRole('checkbox', { name: 'Select payments', exact: true }).check()
  const bar = page.getByRole('region', { name: 'selected' })
  await bar.getByRole('button', { name: 'Sync', exact: true }).click()
  await page.getByRole('button', { name: 'Sync 2 applications' }).click()
  await page.getByText('2 applications left out: as declared.').waitFor()
  expectNoFaults(page)
})

test('what somebody changes in the cluster is told with its field and its author, and can be healed, without loading anew', async () => {
  await cluster.patch(
    application('storefront'),
    { spec: { syncPolicy: { automated: { selfHeal: false } } } },
    { type: 'merge' },
  )
  const page = await world.signedIn('/applications')
  await page.getByRole('link', { name: 'storefront', exact: true }).waitFor()
  const deployment = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'storefront', name: 'web' }
  await cluster.patch(deployment, { spec: { replicas: 5 } }, { type: 'merge', fieldManager: 'kubectl-edit' })

  const row = page.getByRole('listitem').filter({ hasText: 'storefront' })
  await row.filter({ hasText: /Drifted.*Deployment web spec\.replicas 2 → 5 by kubectl-edit/ }).waitFor()
  await page.getByRole('heading', { name: /1 drifted/ }).waitFor()
  await expectAccessible(page)
  await row.getByRole('button', { name: 'Ignore' }).click()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy the ignoreDifferences rule' }).click()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toContain(
    'jqPathExpressions:\n    - .spec.replicas',
  )
  await page.getByRole('button', { name: 'Cancel' }).click()
  await row.getByRole('button', { name: 'Heal' }).click()
  await page.getByRole('dialog').getByText('spec.replicas').waitFor()
  await page.getByRole('button', { name: 'Heal storefront' }).click()
  await page.getByRole('heading', { name: /all as declared/ }).waitFor({ timeout: 60_000 })
  await row.waitFor({ state: 'detached' })
  expectNoFaults(page)
})

test('an application is made by the form, and stands in the list a moment later', async () => {
  const page = await world.signedIn('/applications')
  await page.getByRole('button', { name: 'New application' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Shop')
  await page.getByRole('button', { name: 'Create Shop' }).click()
  await page.getByText('2 fields need your attention.').waitFor()
  await page.getByText('Lower-case letters, digits').waitFor()
  await expectAccessible(page)

  await page.getByLabel('Name', { exact: true }).fill('front-staging')
  await page.getByLabel('Repository').fill(world.demo.repository.path)
  await page.getByLabel('Revision').fill('main')
  await page.getByLabel('Path').fill('nowhere')
  await page.getByLabel('Namespace', { exact: true }).fill('staging')
  await page.getByRole('button', { name: 'Create front-staging' }).click()
  await page
    .getByText(/nowhere does not exist/)
    .first()
    .waitFor()
  expect(await page.getByLabel('Path').getAttribute('aria-invalid')).toBe('true')

  await page.getByLabel('Path').fill('storefront')
  await page.getByRole('button', { name: 'YAML' }).click()
  await page.getByText('namespace: staging').waitFor()
  await page.getByRole('button', { name: 'Form' }).click()
  await page.getByRole('button', { name: 'Create front-staging' }).click()
  await page.waitForURL('**/applications/argocd/front-staging')
  await page.goto('/applications')
  await page.getByRole('row').filter({ hasText: 'front-staging' }).waitFor()
  expectNoFaults(page)
})

test('who jumps to the end of thousands waits for one answer', async () => {
  const page = await world.signedIn('/user-info')
  const asked: number[] = []
  const rows = Array.from({ length: 5000 }, (_, index) => ({
    metadata: { name: `app-${String(index).padStart(4, '0')}`, namespace: 'argocd' },
    spec: { project: 'default', destination: { name: 'in-cluster', namespace: 'shop' } },
    status: { sync: { status: 'Synced' }, health: { status: 'Healthy' } },
  }))
  await page.route(/\/api\/v1\/applications\?/, (route) => {
    const query = new URL(route.request().url()).searchParams
    const counts = { total: 5000, matching: 5000, facets: { standing: { declared: 5000 } } }
    if (query.has('counts')) return route.fulfill({ json: { metadata: {}, items: [], counts } })
    if (query.has('standing')) return route.fulfill({ json: { metadata: {}, items: [] } })
    const from = Number(query.get('continue') ?? 0)
    const end = Math.min(rows.length, from + Number(query.get('limit')))
    asked.push(end - from)
    const more = end < rows.length ? { continue: String(end), remainingItemCount: rows.length - end } : {}
    return route.fulfill({ json: { metadata: more, items: rows.slice(from, end) } })
  })
  await page.getByRole('link', { name: 'Applications' }).first().click()
  await page.getByRole('link', { name: 'app-0000' }).waitFor()
  const before = asked.length
  await page.getByRole('table').evaluate((table) => table.scrollIntoView({ block: 'end' }))
  await page.getByRole('link', { name: 'app-4999' }).waitFor()
  expect(asked.slice(before).length).toBeLessThanOrEqual(2)
  expectNoFaults(page)
})

test('who may see nothing is told why the list is empty', async () => {
  await cluster.patch(configMap('argocd-cm'), { data: { 'accounts.nobody': 'login' } }, { type: 'merge' })
  const admin = await world.signedIn()
  const password = 'a password to see nothing with'
  const change = { name: 'nobody', currentPassword: world.demo.tiphys.adminPassword, newPassword: password }
  await expect
    .poll(async () => (await admin.request.put('/api/v1/account/password', { data: change })).status())
    .toBe(200)
  const page = await world.signedIn('/applications', { name: 'nobody', password })
  await page.getByText('No applications that you may see').waitFor()
  await page.getByText(/no role of yours permits to see any/).waitFor()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'What you may do' }).click()
  await page.getByRole('heading', { name: 'What you may do' }).waitFor()
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
  const page = await world.signedIn('/applications', { name: 'reader', password })
  await page.getByRole('row').filter({ hasText: 'storefront' }).waitFor()
  await page.getByRole('checkbox', { name: 'Select storefront', exact: true }).check()
  await page.getByRole('button', { name: 'Refresh', exact: true }).waitFor()
  expect(await page.getByRole('button', { name: 'New application' }).count()).toBe(0)
  // The selection's and those of what needs attention; a column has that name too.
  expect(
    await page
      .getByRole('region')
      .getByRole('button', { name: /^(Sync|Heal)$/ })
      .count(),
  ).toBe(0)
  await page.getByRole('button', { name: 'With all of these' }).click()
  await page.getByRole('menuitem', { name: /^Refresh all/ }).waitFor()
  expect(await page.getByRole('menuitem').count()).toBe(1)
  expectNoFaults(page)
})

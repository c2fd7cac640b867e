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

const path = '/applications/argocd/storefront'
const target = (kind: string, namespace: string, name: string, group = '') => ({
  ...{ group, version: group === 'argoproj.io' ? 'v1alpha1' : 'v1', kind, namespace, name },
})
const storefront = target('Application', 'argocd', 'storefront', 'argoproj.io')
const slow = { timeout: 60_000 }

const flags = `apiVersion: v1
kind: ConfigMap
metadata:
  name: flags
  annotations: {argocd.argoproj.io/sync-wave: "1"}
data: {search: "on"}
`

function switchAutomation(enabled: boolean) {
  return cluster.patch(storefront, { spec: { syncPolicy: { automated: { enabled } } } }, { type: 'merge' })
}

test('a sync is a plan with its fields first, and then its own progress', async () => {
  const page = await world.signedIn('/applications')
  await page.getByRole('heading', { name: '6 applications: all as declared.' }).waitFor(slow)
  await switchAutomation(false)
  const { repository } = world.demo
  const deployment = await repository.read('storefront/deployment.yaml')
  await repository.commit('storefront: one more, and flags', {
    'storefront/deployment.yaml': deployment.replace('replicas: 2', 'replicas: 3'),
    'storefront/flags.yaml': flags,
  })
  await page.goto(`${path}?view=history&deploy=all`)
  const panel = page.getByRole('dialog', { name: 'Sync storefront' })
  const begin = panel.getByRole('button', { name: 'Create 1, change 1' })
  await begin.waitFor(slow)
  await panel.getByText('The server would take all of it.').waitFor(slow)
  await panel.getByRole('button', { name: /Change Deployment web/ }).click()
  const fields = panel.getByRole('row', { name: /spec\.replicas/ })
  expect(await fields.getByRole('cell').allInnerTexts()).toEqual(expect.arrayContaining(['3', '2']))
  await panel.getByText('wave 1').waitFor()
  await expectAccessible(page)

  await begin.click()
  await panel.getByText(/^Synced to [0-9a-f]{7} in/).waitFor(slow)
  await panel.getByRole('img', { name: 'Done' }).first().waitFor()
  expect(await cluster.get(target('ConfigMap', 'storefront', 'flags'))).toMatchObject({ data: { search: 'on' } })
  expectNoFaults(page)
})

test('what the server refuses blocks the sync, in the words of the server, until it is left out', async () => {
  const bad = flags.replace('search:', '"not a key":').replace('name: flags', 'name: bad')
  await world.demo.repository.commit('storefront: a mistake', { 'storefront/bad.yaml': bad })
  const page = await world.signedIn(`${path}?view=history&deploy=all`)
  const panel = page.getByRole('dialog', { name: 'Sync storefront' })
  await panel.getByText('The server would refuse 1 of them: nothing would be written.').waitFor(slow)
  await panel.getByText(/not a key.*Correct it in Git/).waitFor()
  expect(await panel.getByRole('button', { name: /^Create 1/ }).isDisabled()).toBe(true)
  await world.demo.repository.commit('storefront: no mistake', { 'storefront/bad.yaml': null })
  await panel.getByText('Everything is as Git declares it').waitFor(slow)
  expectNoFaults(page)
})

test('the history tells what each deployment changed, and a rollback pins until somebody lifts the pin', async () => {
  const page = await world.signedIn(`${path}?view=history`)
  const list = page.getByRole('list', { name: 'Deployments' })
  await list.getByText('storefront: one more, and flags').waitFor(slow)
  expect(await list.getByRole('listitem').count()).toBeGreaterThanOrEqual(2)
  const comparison = page.getByRole('region', { name: 'Comparison' })
  await comparison.getByText('spec.replicas').waitFor(slow)
  await comparison.getByText('Added').waitFor()
  await comparison.getByRole('button', { name: 'YAML: Deployment web' }).click()
  await expectAccessible(page)

  await list
    .getByRole('button', { name: /^Roll back to deployment/ })
    .first()
    .click()
  const panel = page.getByRole('dialog')
  await panel.getByText(/stays pinned to it/).waitFor()
  await panel.getByRole('button', { name: 'Roll back: change 1' }).click(slow)
  await panel.getByText(/^Synced to/).waitFor(slow)
  const deployment = { ...target('Deployment', 'storefront', 'web', 'apps'), version: 'v1' }
  expect(await cluster.get(deployment)).toMatchObject({ spec: { replicas: 2 } })
  await panel.getByRole('button', { name: 'Close' }).last().click()

  await page.getByText(/^Pinned to deployment/).waitFor(slow)
  await page.getByRole('button', { name: 'Lift the pin' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Lift the pin' }).click()
  await page.getByText(/^Pinned to deployment/).waitFor({ state: 'detached', ...slow })
  expectNoFaults(page)
})

test('who may only read is offered neither a sync nor a rollback', async () => {
  await cluster.patch(
    target('ConfigMap', 'argocd', 'argocd-cm'),
    { data: { 'accounts.reader': 'login' } },
    { type: 'merge' },
  )
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
    .poll(async () => (await admin.request.put('/api/v1/account/password', { data: change })).status(), slow)
    .toBe(200)
  const page = await world.signedIn(`${path}?view=history`, { name: 'reader', password })
  const list = page.getByRole('list', { name: 'Deployments' })
  await list.getByText('storefront: one more, and flags').first().waitFor(slow)
  expect(await page.getByRole('button', { name: /^(Sync|Roll back|Lift)/ }).count()).toBe(0)
  await page.goto(`${path}?view=history&deploy=all`)
  await page
    .getByRole('dialog')
    .getByText(/may not sync/i)
    .waitFor()
  expect(await page.getByRole('button', { name: /^(Create|Change|Prune|Sync)/ }).count()).toBe(0)
  expectNoFaults(page)
})

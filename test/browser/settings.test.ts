import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { apiClient, routes } from '../../src/contract/index.ts'
import { connect } from '../../src/kube/connect.ts'
import { loadConfig } from '../../src/kube/load-config.ts'
import { settingsPages } from '../../web/src/lib/paths.ts'
import { expectAccessible, expectNoFaults, openPageWorld, type PageWorld } from './page-world.ts'

let world: PageWorld

const policy = ['# who is here', 'g, reader, role:readonly', 'p, role:dev, applications, sync, shop/*, allow'].join(
  '\n',
)
const reader = { name: 'reader', password: 'reads-a-lot-of-pages' }

beforeAll(async () => {
  world = await openPageWorld()
  const kube = connect(await loadConfig({ kubeconfig: world.demo.kubeconfig }))
  const map = (name: string, data: Record<string, string>) =>
    kube.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'argocd' }, data },
      { fieldManager: 'test' },
    )
  await map('argocd-rbac-cm', { 'policy.csv': policy })
  await map('argocd-cm', { 'accounts.reader': 'login', 'accounts.robot': 'apiKey' })
  await kube.close()
  const { url: base, adminPassword: password = '' } = world.demo.tiphys
  const { token } = await apiClient({ base }).call(routes.session.create, { body: { username: 'admin', password } })
  const admin = apiClient({ base, token: () => token })
  const body = { name: reader.name, currentPassword: password, newPassword: reader.password }
  await vi.waitFor(() => admin.call(routes.accounts.updatePassword, { body }), { timeout: 10_000, interval: 200 })
})
afterAll(() => world.close())

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

/** Of the cluster with this label `env`. */
async function storedConfig(env: string): Promise<string> {
  const kube = connect(await loadConfig({ kubeconfig: world.demo.kubeconfig }))
  try {
    const secrets = {
      group: '',
      version: 'v1',
      kind: 'Secret',
      resource: 'secrets',
      namespaced: true,
      verbs: ['list'],
      shortNames: [],
    }
    for await (const { metadata, data } of kube.list(secrets, { namespace: 'argocd' })) {
      const { config = '' } = (data ?? {}) as Record<string, string>
      if (metadata.labels?.env === env) return Buffer.from(config, 'base64').toString()
    }
    throw new Error(`no cluster has the label env=${env}`)
  } finally {
    await kube.close()
  }
}

test('every page of settings can be used by everybody', async () => {
  const page = await world.signedIn('/settings')
  for (const one of settingsPages) {
    await page.goto(`/settings/${one}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
    await expectAccessible(page)
  }
  expectNoFaults(page)
})

test('a repository that cannot be read is tried before it is added, and the form says why', async () => {
  const page = await world.signedIn('/settings/repos')
  await button(page, 'Add repository').first().click()
  await page.getByLabel('Address').fill(`${world.demo.folder}/nothing.git`)
  await button(page, 'Test connection').click()
  await page.getByRole('alert').filter({ hasText: 'It cannot be read' }).waitFor()
  await expectAccessible(page)
  await page.getByLabel('Address').fill(world.demo.repository.path)
  await button(page, 'Test connection').click()
  await page.getByText('It can be read.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Add repository' }).click()
  const item = page.getByRole('listitem').filter({ hasText: world.demo.repository.path })
  await item.getByText('Can be read').waitFor()

  await item.getByRole('button', { name: /^What to do with/ }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  // Which applications would miss it.
  await page.getByRole('dialog').getByRole('link', { name: 'catalog' }).waitFor()
  await button(page, 'Remove repository').click()
  await item.waitFor({ state: 'detached' })
  expectNoFaults(page)
})

test('a cluster is registered by a form, changed without its credentials, and forgotten by its name', async () => {
  const page = await world.signedIn('/settings/clusters')
  await button(page, 'Register cluster').click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Address').fill('10.0.0.1')
  await form.getByRole('button', { name: 'Register cluster' }).click()
  await form.getByText('An address such as').waitFor()
  await form.getByText('Without a token nobody can sign in.').waitFor()
  await expectAccessible(page)
  await form.getByLabel('Address').fill('https://127.0.0.1:1')
  await form.getByLabel('Name', { exact: true }).fill('far-away')
  await form.getByLabel('Token').fill('not-to-be-shown')
  await form.getByLabel('Namespaces').fill('shop')
  await form.getByLabel('Objects of the cluster too').check()
  await form.getByLabel('Labels').fill('env=prod')
  await form.getByRole('button', { name: 'Register cluster' }).click()
  const item = page.getByRole('listitem').filter({ hasText: 'far-away' })
  await item.waitFor()

  await item.getByRole('button', { name: 'What to do with far-away' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  expect(await form.getByLabel('Signs in with').inputValue()).toBe('kept')
  await form.getByLabel('Labels').fill('env=test')
  await form.getByRole('button', { name: 'Save' }).click()
  await form.waitFor({ state: 'detached' })
  await item.getByRole('link').click()
  await page.getByText('env=test').waitFor()
  expect(await page.content()).not.toContain('not-to-be-shown')
  expect(await storedConfig('test')).toContain('not-to-be-shown')

  await button(page, 'What to do with far-away').click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByLabel('Type far-away to confirm').fill('far-away')
  await page.getByRole('button', { name: 'Remove cluster' }).click()
  await page.getByRole('listitem').filter({ hasText: 'in-cluster' }).waitFor()
  expect(await item.count()).toBe(0)
  expectNoFaults(page)
})

test('credentials for writing are kept apart from those for reading', async () => {
  const page = await world.signedIn('/settings/repocreds')
  await button(page, 'For writing').click()
  await button(page, 'Add credentials').first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Beginning of the address').fill('https://git.example.com/hydrated')
  await form.getByLabel('User name').fill('pusher')
  await form.getByLabel('Password or token').fill('a secret')
  await form.getByRole('button', { name: 'Add credentials' }).click()
  await page.getByText('https://git.example.com/hydrated').waitFor()
  await expectAccessible(page)
  await button(page, 'For reading').click()
  await page.getByText('No templates of credentials').waitFor()
  await page.goto('/settings/repos?purpose=write')
  await page.getByText('No repositories yet').waitFor()
  expectNoFaults(page)
})

test('a project is created with what it permits, a role with a token, and a window on a week', async () => {
  const page = await world.signedIn('/settings/projects')
  await button(page, 'New project').click()
  await page.getByLabel('Name').fill('Shop!')
  await button(page, 'Create project').click()
  // In the words of the server, where the form is.
  await page.getByRole('dialog').getByRole('alert').waitFor()
  await page.getByLabel('Name').fill('shop')
  await button(page, 'Create project').click()
  await page.waitForURL('**/settings/projects/shop')
  await page.getByText('No repository: no application can be made').waitFor()
  await expectAccessible(page)

  await button(page, 'Edit: Sources').click()
  await page.getByRole('textbox', { name: 'Sources' }).fill('https://git.example.com/*')
  await button(page, 'Save').click()
  await page.getByText('https://git.example.com/*').waitFor()
  await button(page, 'Edit: About it').click()
  await page.getByLabel('Labels').fill('team=shop')
  await page.getByLabel('Annotations').fill('example.com/ask=the shop team')
  await button(page, 'Save').click()
  await page.getByText('team=shop').waitFor()
  await page.getByText('example.com/ask=the shop team').waitFor()

  await page.getByRole('tab', { name: /Roles/ }).click()
  await button(page, 'Add role').click()
  await page.getByLabel('Name').fill('ci')
  await page.getByLabel('Action 1').fill('sync')
  await page.getByRole('dialog').getByText('May sync all applications').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Add role' }).click()
  await page.getByText('May sync all applications').waitFor()
  await button(page, 'New token').click()
  await page.getByLabel('Name of the token').fill('jenkins')
  await button(page, 'Create token').click()
  const token = (await page.getByRole('dialog').locator('code').textContent()) ?? ''
  await button(page, 'I have it').click()
  await page.getByRole('cell', { name: 'jenkins', exact: true }).waitFor()
  expect(await page.content()).not.toContain(token)
  const ci = apiClient({ base: world.demo.tiphys.url, token: () => token })
  expect(await ci.call(routes.session.userInfo, {})).toMatchObject({ username: 'proj:shop:ci' })
  await expectAccessible(page)

  await page.getByRole('tab', { name: /Sync windows/ }).click()
  await button(page, 'Add window').click()
  await page.getByLabel('Begins').fill('0 22 * *')
  await page.getByText('This is none that can be read').waitFor()
  await page.getByLabel('Begins').fill('30 9 * * *')
  await page.getByLabel('Lasts').fill('2h')
  const calendar = page.getByRole('dialog').getByRole('img', { name: /Denies · Mon 09:30–11:30/ })
  await calendar.waitFor()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Add window' }).click()
  await page.getByText('Denies syncs: Every day, 09:30 to 11:30').waitFor()
  await expectAccessible(page)
  expectNoFaults(page)
})

test('a notification is tried, and what the service answers is told', async () => {
  const kube = connect(await loadConfig({ kubeconfig: world.demo.kubeconfig }))
  const taken: string[] = []
  const receiver = createServer((request, response) => {
    taken.push(request.method ?? '')
    response.writeHead(taken.length > 1 ? 403 : 200).end('not for you')
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  const data = { 'service.webhook.pager': `url: http://127.0.0.1:${port}\n` }
  const metadata = { name: 'argocd-notifications-cm', namespace: 'argocd' }
  await kube.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { fieldManager: 'test' })
  await kube.close()
  try {
    const page = await world.signedIn('/settings/notifications')
    await page.getByText('pager').waitFor()
    await button(page, 'Send a test').click()
    await expectAccessible(page)
    await button(page, 'Send').click()
    await page.getByText('The test has been taken by pager').waitFor()
    expect(taken).toEqual(['GET'])
    await button(page, 'Send a test').click()
    await button(page, 'Send').click()
    await page.getByRole('dialog').getByRole('alert').getByText('403').waitFor()
    await page.close()
  } finally {
    receiver.close()
  }
})

test('the policies say whether somebody may do something, and by which line', async () => {
  const page = await world.signedIn('/settings/access')
  await page.getByLabel('Who').fill('role:dev')
  await page.getByLabel('Do what').fill('sync')
  await page.getByLabel('Which one').fill('shop/web')
  await button(page, 'Ask the policies').click()
  await page.getByText('role:dev may sync applications shop/web.').waitFor()
  await page.getByText('p, role:dev, applications, sync, shop/*, allow').waitFor()
  await page.getByText('policy.csv, line 3').waitFor()
  await page.getByLabel('Which one').fill('other/web')
  await button(page, 'Ask the policies').click()
  await page.getByText('No line allows it.').waitFor()
  await expectAccessible(page)
  expectNoFaults(page)
})

test('who may only read is offered nothing else', async () => {
  const page = await world.signedIn('/settings/projects/default', reader)
  await page.getByText('Any repository').waitFor()
  await page.waitForLoadState('networkidle')
  expect(await page.getByRole('button', { name: /^Edit/ }).count()).toBe(0)
  for (const one of ['repos', 'clusters', 'accounts', 'certs', 'gpgkeys']) {
    await page.goto(`/settings/${one}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(
      await page
        .getByRole('main')
        .getByRole('button', { name: /Add|New|Remove|Edit/ })
        .count(),
      one,
    ).toBe(0)
  }
  expectNoFaults(page)
})

test('a password is changed by who knows the old one, and the session goes on', async () => {
  const page = await world.signedIn('/user-info', reader)
  await expectAccessible(page)
  await button(page, 'Change password').click()
  await page.getByLabel('Current password').fill('not this one')
  await page.getByLabel('New password', { exact: true }).fill('reads-even-more-pages')
  await page.getByLabel('New password, again').fill('reads-even-more-pages')
  await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click()
  await page.getByRole('dialog').getByRole('alert').filter({ hasText: 'does not match' }).waitFor()
  await page.getByLabel('Current password').fill(reader.password)
  await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.goto('/user-info')
  await page.getByRole('heading', { name: 'What you may do' }).waitFor()
  reader.password = 'reads-even-more-pages'
  expectNoFaults(page)
})

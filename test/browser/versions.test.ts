/** The versions of an application: what runs, what there is, and what keeps it away. */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/kube/connect.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { loadConfig } from '../../src/kube/load-config.ts'
import { dockerRegistry, type RegistryHost, startRegistry } from '../e2e/registry-host.ts'
import { expectAccessible, expectNoFaults, openPageWorld, type PageWorld } from './page-world.ts'

const prefix = 'argocd-image-updater.argoproj.io/'
const password = randomUUID()

let world: PageWorld
let cluster: KubeClient
let registry: RegistryHost | undefined
beforeAll(async () => {
  world = await openPageWorld()
  cluster = connect(await loadConfig({ kubeconfig: world.demo.kubeconfig }))
  if (dockerRegistry) registry = await startRegistry({ username: 'ann', password })
})
afterAll(async () => {
  await registry?.close()
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
const annotate = (name: string, annotations: Record<string, string | null>) =>
  cluster.patch(application(name), { metadata: { annotations } }, { type: 'merge' })

const row = (page: Page, name: RegExp) => page.getByRole('row', { name })

/** An application of two images, of which the registry has newer ones. */
async function deployShopfront({ host, pushImage }: RegistryHost): Promise<string> {
  for (const tag of ['1.0.0', '1.1.0', '2.0.0']) await pushImage('acme/web', tag)
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/dockerconfigjson',
    metadata: { name: 'pull', namespace: 'argocd' },
    stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [host]: { username: 'ann', password } } }) },
  })
  const metadata = { name: 'argocd-image-updater-config', namespace: 'argocd' }
  await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { interval: '2s' } })
  const labels = { app: 'shopfront' }
  const containers = [
    { name: 'web', image: `${host}/acme/web:1.0.0` },
    { name: 'proxy', image: 'registry.example.com/proxy:1.27-alpine' },
  ]
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shopfront' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  }
  await world.demo.repository.commit('Add the shopfront', {
    'shopfront/kustomization.yaml': 'resources: [deployment.yaml]\n',
    'shopfront/deployment.yaml': JSON.stringify(deployment),
  })
  await cluster.apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shopfront', namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: world.demo.repository.path, path: 'shopfront', targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: 'shopfront' },
      syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] },
    },
  })
  return `${host}/acme/web`
}

test.skipIf(!dockerRegistry)(
  'images are watched with what can be copied; who asks sees what is newer and what is held back, and it comes',
  async () => {
    if (!registry) throw new Error('there is a registry')
    const image = await deployShopfront(registry)
    const page = await world.signedIn('/applications/argocd/shopfront?view=versions')
    const asked: string[] = []
    page.on('request', (request) => {
      if (/\/images\?.*updates=true/.test(request.url())) asked.push(request.url())
    })
    await row(page, /acme\/web 1\.0\.0 .*Not watched/).waitFor({ timeout: 60_000 })
    await row(page, /proxy 1\.27-alpine .*Not watched/).waitFor()
    await page.getByText('Nothing newer is known, 2 images not watched').waitFor()
    const annotation = page.getByText(
      `${prefix}image-list: web=${image}:^1.0, proxy=registry.example.com/proxy:^1.27-0`,
    )
    await annotation.first().waitFor()
    await page.getByRole('button', { name: /^Copy: Where the Application is declared/ }).waitFor()
    await expectAccessible(page)

    const pin = JSON.stringify({ id: 0, by: 'ann', at: new Date().toISOString() })
    await annotate('shopfront', {
      'tiphys.dev/pin': pin,
      [`${prefix}image-list`]: `web=${image}:^1`,
      [`${prefix}pull-secret`]: 'pullsecret:argocd/pull',
    })
    await row(page, /acme\/web 1\.0\.0 semver \^1 .*Not asked yet/).waitFor()
    await page.getByText('Pinned: nothing is written').waitFor()
    expect(asked).toEqual([])
    await page.getByRole('button', { name: 'Look for updates' }).click()
    await row(page, /acme\/web 1\.0\.0 semver \^1 1\.1\.0 Newer version 2\.0\.0 is beyond the range.*\^2/).waitFor()
    await page.getByText('1 newer version, 1 held back, 1 image not watched').waitFor()
    await page.getByText(/^Registries asked/).waitFor()
    expect(asked).toHaveLength(1)
    await expect.poll(() => page.getByRole('button', { name: 'Look for updates' }).isEnabled()).toBe(true)
    await expectAccessible(page)

    await annotate('shopfront', { 'tiphys.dev/pin': null })
    await row(
      page,
      /acme\/web 1\.1\.0 semver \^1 1\.1\.0 Newest allowed 2\.0\.0 .*Updated .* from 1\.0\.0 to 1\.1\.0 in the spec/,
    ).waitFor({ timeout: 60_000 })
    expect(asked).toHaveLength(1)
    expectNoFaults(page)
  },
)

test('what a registry refuses is told where the image stands, with what to do', async () => {
  await annotate('payments', { [`${prefix}image-list`]: 'gateway=127.0.0.1:1/payments/gateway:^3' })
  const page = await world.signedIn('/applications/argocd/payments?view=versions')
  await row(page, /127\.0\.0\.1:1\/payments\/gateway .*Not running/).waitFor({ timeout: 30_000 })
  await annotate('payments', { [`${prefix}force-update`]: 'true' })
  await row(page, /127\.0\.0\.1:1\/payments\/gateway .*Cannot be read/).waitFor({ timeout: 30_000 })
  await page.getByText(/Where it takes a password, name a pull-secret beside the rule/).waitFor()
  expect(await page.getByRole('link', { name: 'Repositories' }).getAttribute('href')).toBe('/settings/repos')
  await expectAccessible(page)
  expectNoFaults(page)
})

test('on a phone each version is a block of its own, and a tag that is held back says what to write for it', async () => {
  const { path } = world.demo.repository
  for (const tag of ['v1.0.0', 'v2.0.0']) execFileSync('git', ['-C', path, 'tag', tag, 'main'])
  const source = { targetRevision: '1.x' }
  await cluster.patch(application('storefront'), { spec: { source } }, { type: 'merge' })
  const page = await world.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const data = { username: 'admin', password: world.demo.tiphys.adminPassword }
  await page.request.post('/api/v1/session', { data })
  await page.goto('/applications/argocd/storefront')
  await page.getByRole('link', { name: 'Versions' }).tap()
  await page.getByText('v2.0.0 is beyond the range: to allow it, write 2.x').waitFor({ timeout: 30_000 })
  await page.getByText('Images of this application cannot be updated by themselves').waitFor()
  expect(new URL(page.url()).search).toBe('?view=versions')
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  await expectAccessible(page)
  expectNoFaults(page)
})

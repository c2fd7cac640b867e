/** Which pictures there are, and what has happened before each: one story, told in order. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Shot } from './screenshots.ts'

const deployment = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'storefront', name: 'web' }
const application = (name: string) => ({
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind: 'Application',
  namespace: 'argocd',
  name,
})

export const shots: Shot[] = [
  { name: 'sign-in', path: '/login' },
  {
    name: 'applications',
    path: '/applications',
    async prepare({ demo, page }) {
      const { client } = demo.tiphys
      const manual = { spec: { syncPolicy: { automated: null } } }
      for (const name of ['storefront', 'payments']) await client.patch(application(name), manual, { type: 'merge' })
      await client.patch(deployment, { spec: { replicas: 4 } }, { type: 'merge' })
      const file = 'catalog/templates/search.yaml'
      const search = await demo.repository.read(file)
      const next = search.replace('catalog/search:7.1.0', 'catalog/search-missing:7.2.0')
      await demo.repository.commit('Update search to 7.2.0', { [file]: next })
      await page.getByText('Degraded').first().waitFor({ timeout: 60_000 })
      await page.getByText('spec.replicas').first().waitFor({ timeout: 30_000 })
    },
  },
  { name: 'applications-dark', path: '/applications', theme: 'dark' },
  { name: 'applications-phone', path: '/applications', width: 390, height: 844 },
  { name: 'application-tree', path: '/applications/argocd/catalog' },
  { name: 'application-tree-dark', path: '/applications/argocd/storefront', theme: 'dark' },
  {
    name: 'resource-changes',
    path: '/applications/argocd/storefront?resource=apps/Deployment/storefront/web&tab=changes',
    prepare: () => sleep(2000),
  },
  {
    name: 'sync-plan',
    path: '/applications/argocd/storefront',
    async prepare({ page }) {
      await page.getByRole('button', { name: /^Sync/ }).first().click()
      await sleep(2500)
    },
  },
  { name: 'history', path: '/applications/argocd/catalog?view=history', prepare: () => sleep(1500) },
  { name: 'timeline', path: '/applications/argocd/catalog?view=timeline', prepare: () => sleep(1500) },
  { name: 'project', path: '/settings/projects/default' },
  { name: 'access', path: '/settings/access' },
]

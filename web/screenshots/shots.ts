/** Which pictures there are, and what has happened before each: one story, told in order. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Shot } from './screenshots.ts'

const deployment = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'catalog', name: 'catalog' }
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
      for (const name of ['catalog', 'payments']) await client.patch(application(name), manual, { type: 'merge' })
      await client.patch(deployment, { spec: { replicas: 4 } }, { type: 'merge', fieldManager: 'kubectl-edit' })
      const file = 'storefront/deployment.yaml'
      const web = await demo.repository.read(file)
      await demo.repository.commit('Update web to 1.2.0', { [file]: web.replace('web:1.0.0', 'web-missing:1.2.0') })
      await page.getByText('Degraded').first().waitFor({ timeout: 60_000 })
      await page.getByText('spec.replicas').first().waitFor({ timeout: 30_000 })
    },
  },
  { name: 'applications-dark', path: '/applications', theme: 'dark' },
  { name: 'applications-phone', path: '/applications', width: 390, height: 844 },
  { name: 'application-tree', path: '/applications/argocd/storefront' },
  { name: 'application-tree-dark', path: '/applications/argocd/catalog', theme: 'dark' },
  {
    name: 'resource-changes',
    path: '/applications/argocd/catalog?resource=apps/Deployment/catalog/catalog&tab=changes',
    prepare: () => sleep(2000),
  },
  {
    name: 'sync-plan',
    path: '/applications/argocd/catalog',
    async prepare({ page }) {
      await page.getByRole('button', { name: /^Sync/ }).first().click()
      await sleep(2500)
    },
  },
  { name: 'history', path: '/applications/argocd/storefront?view=history', prepare: () => sleep(1500) },
  { name: 'timeline', path: '/applications/argocd/storefront?view=timeline', prepare: () => sleep(1500) },
  { name: 'project', path: '/settings/projects/default' },
  { name: 'access', path: '/settings/access' },
]

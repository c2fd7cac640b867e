/** What install/ puts into a cluster: the loop works with the rights of its account, and there are no rights that nobody uses. */
import { expect, test } from 'vitest'
import { type ApiClient, allRoutes, routes } from '../../src/contract/index.ts'
import { manifestsOf, variants } from '../../src/install/index.ts'
import type { AuditEvent } from '../../src/sandbox/sandbox.ts'
import { configMap, deployment } from './manifests.ts'
import { addressOf, makeObjects, sampleOf } from './sample-calls.ts'
import { signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

const hostKey = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const programs = Object.keys(variants).filter((variant) => variant !== 'crds')

test.each(programs)(
  'with the rights of %s an application is deployed, put right, and taken away',
  async (installed) => {
    const world = await startWorld({}, { installed })
    try {
      const repository = world.repository({
        'web.yaml': deployment('web'),
        'config.yaml': configMap('config', { a: '1' }),
      })
      const app = await world.application(repository)
      await app.settled()
      const config = { group: '', version: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'config' }
      await world.client.patch(config, { data: { a: '2' } }, { type: 'merge', fieldManager: 'by-hand' })
      await app.until('healed', ({ operationState }) => {
        const { autoHealAttemptsCount = 0 } = (operationState?.operation.sync ?? {}) as {
          autoHealAttemptsCount?: number
        }
        return autoHealAttemptsCount > 0
      })
      await app.settled()
      expect((await world.client.get(config))?.data).toEqual({ a: '1' })
      await app.patch({ metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io'] } })
      const target = {
        group: 'argoproj.io',
        version: 'v1alpha1',
        kind: 'Application',
        namespace: world.controlNamespace,
      }
      await world.client.delete({ ...target, name: app.name })
      for (let tries = 0; tries < 300 && app.current(); tries++)
        await new Promise((resolve) => setTimeout(resolve, 100))
      expect(app.current()).toBeUndefined()
      expect(await world.client.get(config)).toBeUndefined()
    } finally {
      await world.stop()
    }
  },
)

interface Rule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
}

function granted(namespace: string): string[] {
  const role = manifestsOf('namespace-install', { namespace, image: 'none' }).find(({ kind }) => kind === 'Role')
  const rights = ((role?.rules ?? []) as Rule[]).flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`))),
  )
  // A server asks for it by itself, where it has OwnerReferencesPermissionEnforcement; nobody requests it.
  return rights.filter((right) => right !== 'argoproj.io/applicationsets/finalizers update')
}

/** What samples of requests do not come to, as they are about what is there or are refused. */
async function changeAll(world: World, api: ApiClient): Promise<void> {
  const place = { namespace: world.controlNamespace, name: world.unique('more') }
  const spec = {
    project: 'default',
    source: { repoURL: world.repository({ 'a.yaml': configMap('a') }).url, path: '.', targetRevision: 'main' },
    destination: { name: 'in-cluster', namespace: place.name },
  }
  const argo = { apiVersion: 'argoproj.io/v1alpha1' } as const
  await api.call(routes.applications.create, {
    body: { ...argo, kind: 'Application', metadata: { name: place.name }, spec },
  })
  const set = (labels: Record<string, string>) => ({
    ...argo,
    kind: 'ApplicationSet',
    metadata: { name: place.name },
    spec: { generators: [{ list: { elements: [] } }], template: { metadata: { name: 'made', labels }, spec } },
  })
  for (const labels of [{ a: '1' }, { a: '2' }]) {
    await api.call(routes.applicationSets.create, { body: set(labels), query: { upsert: true } } as never)
  }
  const refresh = 'argocd.argoproj.io/application-set-refresh'
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'ApplicationSet', ...place }
  await world.client.patch(target, { metadata: { annotations: { [refresh]: 'true' } } }, { type: 'merge' })
  await expect.poll(async () => (await world.client.get(target))?.metadata.annotations?.[refresh]).toBeUndefined()
  const group = 'argocd-image-updater.argoproj.io'
  const updater = { apiVersion: `${group}/v1alpha1`, kind: 'ImageUpdater', metadata: place }
  await world.client.create({ ...updater, spec: { applicationRefs: [{ namePattern: place.name, images: [] }] } })
  const written = { group, version: 'v1alpha1', kind: 'ImageUpdater', ...place }
  await expect.poll(async () => (await world.client.get(written))?.status, { timeout: 20_000 }).toBeDefined()
  await world.client.delete({
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    ...place,
    name: 'argocd-ssh-known-hosts-cm',
  })
  for (const serverName of ['one.example.com', 'two.example.com']) {
    const certData = Buffer.from(hostKey).toString('base64')
    const items = [{ serverName, certType: 'ssh', certSubType: 'ssh-ed25519', certData }]
    await api.call(routes.certificates.create, { body: { items } })
  }
}

test('the role for its own namespace has what the program does there, and nothing else', async (context) => {
  const used = new Set<string>()
  let account = ''
  let home = ''
  const audit = (event: AuditEvent) => {
    if (event.kind === 'resource' && event.user === account && event.namespace === home)
      used.add(`${event.group}/${[event.resource, event.subresource].filter(Boolean).join('/')} ${event.verb}`)
  }
  const world = await startWorld({ 'accounts.ann': 'apiKey, login' }, { installed: 'install', audit })
  try {
    if (world.isRealCluster) return context.skip('only the sandbox tells of requests')
    home = world.controlNamespace
    account = `system:serviceaccount:${home}:tiphys`
    await world.restart()
    const admin = await signIn(world)
    const names = await makeObjects(world, admin)
    await changeAll(world, admin.api)
    const last = ['delete', 'session']
    const isLast = (id: string) => last.some((word) => id.toLowerCase().includes(word))
    const called = allRoutes().filter(({ streams }) => !streams)
    for (const route of [...called.filter(({ id }) => !isLast(id)), ...called.filter(({ id }) => /delete/i.test(id))]) {
      const sample = sampleOf(route, names)
      const { body } = sample
      await fetch(`${world.tiphys().url}${addressOf(route, sample)}`, {
        method: route.method,
        headers: {
          authorization: `Bearer ${admin.token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).then((response) => response.text())
    }
    // The Lease of the one before the restart is cleared away once it has been seen given up for a while.
    const clearing = 'coordination.k8s.io/leases delete'
    await expect.poll(() => used.has(clearing), { timeout: 30_000 }).toBe(true)
    expect([...used].sort()).toEqual(granted(home).sort())
  } finally {
    await world.stop()
  }
})

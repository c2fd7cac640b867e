import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Target } from '../../src/kube/kube-client.ts'
import { configMap, deployment } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  for (const stray of strays) await world.client.delete(stray)
  await world.stop()
})

/** What no namespace takes with it. */
const strays: Target[] = []
const clusterRole = (name: string): Target => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  namespace: '',
  name,
})

const policy = { automated: { selfHeal: false }, syncOptions: ['CreateNamespace=true'] }

function target(app: App, group: string, kind: string, name: string) {
  return { group, version: 'v1', kind, namespace: app.namespace, name }
}

/** Some time in which a false alarm would have been raised. */
async function staysSynced(app: App): Promise<void> {
  await app.settled()
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(app.status().sync?.status).toBe('Synced')
}

test('an object that is no longer declared does not count where it asks for that', async () => {
  const extraneous = configMap('second').replace(
    '  name: second',
    '  name: second\n  annotations: {argocd.argoproj.io/compare-options: IgnoreExtraneous}',
  )
  const repository = world.repository({ 'first.yaml': configMap('first'), 'second.yaml': extraneous })
  const app = await world.application(repository, { syncPolicy: policy })
  await app.settled()
  const revision = repository.commit({ 'second.yaml': null })
  await app.until('the commit is known', ({ sync }) => sync?.revision === revision)
  await app.until('it is extra', ({ resources = [] }) => resources.some(({ requiresPruning }) => requiresPruning))
  expect(app.status().sync?.status).toBe('Synced')
})

test('rules of an aggregated ClusterRole are its controller’s, whatever Git says', async () => {
  const [name, part] = [world.unique('all'), world.unique('part')]
  const label = `example.com/${name}`
  const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${name}}
aggregationRule:
  clusterRoleSelectors:
    - matchLabels: {${label}: "true"}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${part}, labels: {${label}: "true"}}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
`
  const app = await world.application(world.repository({ 'roles.yaml': role, 'a.yaml': configMap('a') }), {
    syncPolicy: policy,
  })
  strays.push(clusterRole(name), clusterRole(part))
  await staysSynced(app)
})

test('what a CRD preserves and others have set is no drift, nor what the server drops from the CRD', async () => {
  const plural = world.unique('things')
  const kind = `Thing${plural.slice('things-'.length)}`
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.example.com}
spec:
  group: example.com
  scope: Namespaced
  preserveUnknownFields: false
  names: {plural: ${plural}, singular: ${kind.toLowerCase()}, kind: ${kind}}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
status: {acceptedNames: {kind: "", plural: ""}, conditions: [], storedVersions: []}
---
apiVersion: example.com/v1
kind: ${kind}
metadata: {name: one}
spec: {ours: {a: 1}}
`
  const app = await world.application(world.repository({ 'things.yaml': definition }), { syncPolicy: policy })
  strays.push({
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    namespace: '',
    name: `${plural}.example.com`,
  })
  await app.settled()
  const patch = { spec: { theirs: { b: 2 }, ours: { c: 3 } } }
  await world.client.patch(target(app, 'example.com', kind, 'one'), patch, { type: 'merge', fieldManager: 'operator' })
  await staysSynced(app)
})

test('with ServerSideDiff=false drift is seen without asking the server', async () => {
  const app = await world.application(world.repository({ 'web.yaml': deployment('web', { replicas: 2 }) }), {
    syncPolicy: policy,
  })
  await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=false' } } })
  await staysSynced(app)
  const asked = () => world.tiphys().client.requests.apply ?? 0
  const before = asked()
  await world.client.patch(
    target(app, 'apps', 'Deployment', 'web'),
    { spec: { replicas: 5 } },
    { type: 'merge', fieldManager: 'kubectl-edit' },
  )
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
  const resource = world
    .tiphys()
    .controller.observation(app.name)
    ?.resources.find(({ key }) => key.name === 'web')
  expect(resource?.verdict).toMatchObject({
    fields: [{ path: 'spec.replicas', desired: 2, live: 5, author: { manager: 'kubectl-edit' } }],
  })
  expect(asked()).toBe(before)
})

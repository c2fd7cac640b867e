import { expect, test } from 'vitest'
import { routes } from '../../contract/index.ts'
import { KubeError } from '../../kube/kube-error.ts'
import { type Application, applyMergePatch, defaultProjectSpec } from '../../model/index.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { changeApplication } from './change-application.ts'
import { declaredOf } from './declared.ts'

const application: Application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', namespace: 'argocd', uid: 'u-1', resourceVersion: '1' },
  spec: {
    project: 'default',
    destination: { name: 'in-cluster' },
    source: { repoURL: 'https://git.example.com/x', path: '.' },
  },
}

/** A store in which somebody else writes `interference` just before our first write. */
function world(interference: object) {
  let stored = application
  let writes = 0
  const asked: string[] = []
  const project = { metadata: { name: 'default' }, spec: defaultProjectSpec }
  const cluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const controlPlane = { namespace: 'argocd', project: () => project, remember() {}, record: async () => {} }
  const client = {
    get: async () => stored,
    async patch(_target: unknown, { metadata, ...patch }: { metadata: { resourceVersion?: string } }) {
      if (writes++ === 0) stored = changed(interference)
      const { resourceVersion, ...rest } = metadata
      if (resourceVersion !== stored.metadata.resourceVersion) {
        throw new KubeError('the object has been modified', { code: 409, reason: 'Conflict' })
      }
      stored = changed({ ...patch, metadata: rest })
      return stored
    },
  }
  function changed(patch: object): Application {
    const next = applyMergePatch(stored, patch) as Application
    const resourceVersion = String(Number(stored.metadata.resourceVersion) + 1)
    return { ...next, metadata: { ...next.metadata, resourceVersion } }
  }
  const call = {
    caller: { kind: 'account', name: 'ann' },
    address: '192.0.2.7',
    requestId: 'r',
    route: routes.applications.update,
    signal: new AbortController().signal,
    require: ({ action, object }: { action: string; object: string }) => void asked.push(`${action} ${object}`),
  }
  const stages = {
    controlPlane,
    clusters: { find: () => cluster, fault: () => undefined },
    settings: { globalProjects: [] },
  }
  const services = { controlPlane, client, stages, log } as unknown as Services
  return { call: call as unknown as Call, services, asked, stored: () => stored }
}

const limit = (revisionHistoryLimit: number) => (current: Application) => {
  const declared = declaredOf(current)
  return { ...declared, spec: { ...declared.spec, revisionHistoryLimit } }
}

test('a patch is made again of what somebody else has changed meanwhile', async () => {
  const { call, services, stored } = world({ spec: { destination: { namespace: 'shop' } } })
  const change = { wanted: limit(3), replaces: false, validate: false }
  await changeApplication(call, { application, change, services })
  expect(stored().spec).toMatchObject({ revisionHistoryLimit: 3, destination: { namespace: 'shop' } })
})

test('what replaces everything is given up when somebody else has changed it meanwhile', async () => {
  const { call, services, stored } = world({ spec: { destination: { namespace: 'shop' } } })
  const change = { wanted: () => limit(3)(application), replaces: true, validate: false }
  const refused = changeApplication(call, { application, change, services })
  await expect(refused).rejects.toMatchObject({
    code: 'Aborted',
    message: expect.stringMatching(/has been changed meanwhile/),
  })
  expect(stored().spec.revisionHistoryLimit).toBeUndefined()
})

test('a new status is nobody’s change', async () => {
  const { call, services, stored } = world({ status: { sync: { status: 'Synced' } } })
  const change = { wanted: () => limit(3)(application), replaces: true, validate: false }
  await changeApplication(call, { application, change, services })
  expect(stored()).toMatchObject({ spec: { revisionHistoryLimit: 3 }, status: { sync: { status: 'Synced' } } })
})

test('when it moves to another project meanwhile, rights are asked for there', async () => {
  const { call, services, asked } = world({ spec: { project: 'secret' } })
  const change = { wanted: limit(3), replaces: false, validate: false }
  await changeApplication(call, { application, change, services })
  expect(asked).toEqual(['update default/web', 'update default/web', 'update secret/web'])
})

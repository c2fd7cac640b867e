import { expect, test } from 'vitest'
import { type Application, type AppProjectSpec, defaultProjectSpec } from '../model/index.ts'
import { type SpecContext, specFaults } from './validate-spec.ts'

const cluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }

function faultsOf(application: Application, { spec = defaultProjectSpec, ...more }: Context = {}) {
  const project = { name: 'default', spec }
  return specFaults(application, { project, cluster, controlNamespace: 'argocd', ...more })
}

interface Context extends Partial<SpecContext> {
  spec?: AppProjectSpec
}

function application(spec: object): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop' },
    spec: {
      project: 'default',
      destination: { name: 'in-cluster', namespace: 'shop' },
      source: { repoURL: 'https://git.example.com/shop.git', path: '.' },
      ...spec,
    },
  }
}

test('a usual application has no fault', () => {
  expect(faultsOf(application({}))).toEqual([])
})

test.each<[string, object, RegExp]>([
  [
    'both server and name',
    { destination: { server: cluster.server, name: 'in-cluster' } },
    /both server .* and name .*keep one/,
  ],
  ['neither server nor name', { destination: {} }, /needs a server or a name/],
  ['no source', { source: undefined }, /has no source/],
  ['a source without a path', { source: { repoURL: 'https://x' } }, /needs a path/],
  ['a chart and a path', { source: { repoURL: 'https://x', chart: 'a', path: 'b' } }, /both a chart and a path/],
  ['a field of a wrong type', { source: { repoURL: 7, path: '.' } }, /spec\.source\.repoURL must be string/],
])('an application with %s is told so', (_, spec, message) => {
  expect(faultsOf(application(spec)).join('\n')).toMatch(message)
})

test('an unknown cluster, a missing project and what a project does not permit are named', () => {
  expect(faultsOf(application({}), { cluster: undefined })[0]).toMatch(/cluster in-cluster is not known/)
  expect(faultsOf(application({}), { project: undefined })[0]).toMatch(/project default does not exist/)
  const faults = faultsOf(application({}), { spec: {} })
  expect(faults[0]).toMatch(/does not permit the repository/)
  expect(faults[1]).toMatch(/does not permit the destination/)
})

test('an application outside of the control namespace needs the sourceNamespaces of its project', () => {
  const elsewhere = { ...application({}), metadata: { name: 'shop', namespace: 'team' } }
  expect(faultsOf(elsewhere)).toEqual([expect.stringMatching(/applications in the namespace team.*sourceNamespaces/)])
  expect(faultsOf(elsewhere, { spec: { ...defaultProjectSpec, sourceNamespaces: ['team'] } })).toEqual([])
})

test('what an operation takes instead of the source of the application is asked for as well', () => {
  const spec = { ...defaultProjectSpec, sourceRepos: ['https://git.example.com/*'] }
  expect(faultsOf(application({}), { spec })).toEqual([])
  const sources = [{ repoURL: 'https://evil.example.com/shop', path: '.' }]
  expect(faultsOf(application({}), { spec, sources })).toEqual([expect.stringMatching(/evil.*sourceRepos/)])
})

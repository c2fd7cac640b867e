import { expect, test } from 'vitest'
import { type Application, type AppProject, defaultProjectSpec } from '../model/index.ts'
import { specFaults } from './validate-spec.ts'

const project = (spec = defaultProjectSpec): AppProject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default' },
  spec,
})
const cluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }

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
  expect(specFaults(application({}), { project: project(), cluster })).toEqual([])
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
  expect(specFaults(application(spec), { project: project(), cluster }).join('\n')).toMatch(message)
})

test('an unknown cluster, a missing project and what a project does not permit are named', () => {
  expect(specFaults(application({}), { project: project(), cluster: undefined })[0]).toMatch(
    /cluster in-cluster is not known/,
  )
  expect(specFaults(application({}), { project: undefined, cluster })[0]).toMatch(/project default does not exist/)
  const faults = specFaults(application({}), { project: project({}), cluster })
  expect(faults[0]).toMatch(/does not permit the repository/)
  expect(faults[1]).toMatch(/does not permit the destination/)
})

import { expect, test } from 'vitest'
import { type AppProjectSpec, defaultProjectSpec } from '../model/index.ts'
import { normaliseUrl, refusal } from './permission.ts'

const cluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }
const key = (group: string, kind: string, name = 'x', namespace = '') => ({ group, kind, namespace, name })

function permission(spec: AppProjectSpec) {
  const project = { name: 'team', spec }
  return {
    source: (repoURL: string) => refusal(project, { kind: 'source', repoURL }),
    destination: (namespace: string, where = cluster) =>
      refusal(project, { kind: 'destination', cluster: where, namespace }),
    object: (key: { group: string; kind: string; namespace: string; name: string }) =>
      refusal(project, { kind: 'object', key, namespaced: key.namespace !== '', cluster }),
    application: (namespace: string) =>
      refusal(project, { kind: 'application', namespace, controlNamespace: 'argocd' }),
  }
}

test('the default project permits everything', () => {
  const { source, destination, object } = permission(defaultProjectSpec)
  expect(source('https://git.example.com/a.git')).toBeUndefined()
  expect(destination('any')).toBeUndefined()
  expect(object(key('', 'Namespace'))).toBeUndefined()
  expect(object(key('apps', 'Deployment', 'web', 'any'))).toBeUndefined()
})

test('an empty project permits no source, no destination and no cluster-scoped kind, and says what to change', () => {
  const { source, destination, object } = permission({})
  expect(source('https://git.example.com/a.git')).toBe(
    'the project team does not permit the repository https://git.example.com/a.git: add it to its sourceRepos',
  )
  expect(destination('any')).toMatch(/namespace "any": add it to its destinations$/)
  expect(object(key('', 'Namespace'))).toBe(
    'the project team does not permit Namespace x: add it to its clusterResourceWhitelist',
  )
})

test('a star in a repository rule stops at slashes, two stars do not', () => {
  const { source } = permission({ sourceRepos: ['https://git.example.com/team/*', 'https://other.example.com/**'] })
  expect(source('https://git.example.com/team/repo')).toBeUndefined()
  expect(source('https://git.example.com/team/secret/repo')).toBeDefined()
  expect(source('https://evil.example.com/team/repo')).toBeDefined()
  expect(source('https://other.example.com/a/b/c')).toBeUndefined()
})

test('one denying rule outweighs all that allow, and alone allows nothing', () => {
  const denied = '!https://git.example.com/secret*'
  const { source } = permission({ sourceRepos: ['*', denied] })
  expect(source('https://git.example.com/open')).toBeUndefined()
  expect(source('https://git.example.com/secret-things.git')).toMatch(/sourceRepos deny it by "!https/)
  expect(permission({ sourceRepos: [denied] }).source('https://git.example.com/open')).toBeDefined()
})

test('a destination is allowed by server or by name, and denied by any of its parts', () => {
  const { destination } = permission({
    destinations: [
      { name: 'in-*', namespace: 'team-*' },
      { server: '*', namespace: '!team-secret' },
      { server: '!https://prod.example.com', namespace: '*' },
    ],
  })
  expect(destination('team-a')).toBeUndefined()
  expect(destination('team-secret')).toMatch(/destinations deny it by .*!team-secret/)
  expect(destination('other')).toMatch(/add it to its destinations/)
  expect(destination('team-a', { server: 'https://prod.example.com', name: 'in-prod' })).toMatch(/deny it/)
})

test('with permitOnlyProjectScopedClusters a cluster has to be registered for the project', () => {
  const { destination } = permission({ ...defaultProjectSpec, permitOnlyProjectScopedClusters: true })
  expect(destination('any')).toMatch(/permitOnlyProjectScopedClusters/)
  expect(destination('any', { ...cluster, project: 'other' } as typeof cluster)).toBeDefined()
  expect(destination('any', { ...cluster, project: 'team' } as typeof cluster)).toBeUndefined()
})

test('kinds are filtered by scope, and a rule may name its objects', () => {
  const { object } = permission({
    destinations: [{ server: '*', namespace: 'team' }],
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'team-*' }],
    clusterResourceBlacklist: [{ group: '', kind: 'Namespace', name: 'team-x' }],
    namespaceResourceBlacklist: [{ group: 'apps', kind: 'DaemonSet' }],
    namespaceResourceWhitelist: [{ group: 'apps', kind: '*' }],
  })
  expect(object(key('', 'Namespace', 'team-a'))).toBeUndefined()
  expect(object(key('', 'Namespace', 'team-x'))).toMatch(/its clusterResourceBlacklist names it/)
  expect(object(key('', 'Namespace', 'kube-system'))).toMatch(/add it to its clusterResourceWhitelist/)
  expect(object(key('apps', 'Deployment', 'web', 'team'))).toBeUndefined()
  expect(object(key('apps', 'DaemonSet', 'web', 'team'))).toMatch(/its namespaceResourceBlacklist names it/)
  expect(object(key('', 'ConfigMap', 'web', 'team'))).toMatch(/add it to its namespaceResourceWhitelist/)
})

test('an empty list of namespaced kinds permits none, an absent one all', () => {
  const base = { destinations: [{ server: '*', namespace: '*' }] }
  const object = key('', 'ConfigMap', 'web', 'team')
  expect(permission({ ...base, namespaceResourceWhitelist: [] }).object(object)).toBeDefined()
  expect(permission(base).object(object)).toBeUndefined()
})

test('an object in a namespace that is no destination is refused, whatever its kind', () => {
  const { object } = permission({ destinations: [{ server: '*', namespace: 'team' }] })
  expect(object(key('', 'ConfigMap', 'web', 'kube-system'))).toMatch(
    /ConfigMap kube-system\/web, because.*destinations$/,
  )
})

test('an application lives in the control namespace or in one of the sourceNamespaces', () => {
  const { application } = permission({ sourceNamespaces: ['team-*', '/^ops$/'] })
  expect(application('argocd')).toBeUndefined()
  expect(application('team-a')).toBeUndefined()
  expect(application('ops')).toBeUndefined()
  expect(application('opsx')).toBe(
    'the project team does not permit applications in the namespace opsx: add it to its sourceNamespaces',
  )
})

test.each([
  ['https://Git.Example.com/Team/Repo.git', 'https://git.example.com/team/repo'],
  ['git@git.example.com:team/repo.git', 'ssh://git.example.com/team/repo'],
  ['ssh://git@git.example.com/team/repo', 'ssh://git.example.com/team/repo'],
])('%s is the same repository as %s', (url, same) => {
  expect(normaliseUrl(url)).toBe(normaliseUrl(same))
})

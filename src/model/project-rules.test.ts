import { expect, test } from 'vitest'
import { defaultProjectSpec } from './app-project.ts'
import { matchesGlob, normaliseUrl, permitsDestination, permitsResource, permitsSource } from './project-rules.ts'

const cluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }
const key = (group: string, kind: string, name = 'x') => ({ group, kind, namespace: '', name })

test('the default project permits everything', () => {
  expect(permitsSource(defaultProjectSpec, 'https://git.example.com/a.git')).toBe(true)
  expect(permitsDestination(defaultProjectSpec, cluster, 'any')).toBe(true)
  expect(permitsResource(defaultProjectSpec, key('', 'Namespace'), false)).toBe(true)
})

test('an empty project permits no source, no destination and no cluster-scoped kind', () => {
  expect(permitsSource({}, 'https://git.example.com/a.git')).toBe(false)
  expect(permitsDestination({}, cluster, 'any')).toBe(false)
  expect(permitsResource({}, key('', 'Namespace'), false)).toBe(false)
  expect(permitsResource({}, key('', 'ConfigMap'), true)).toBe(true)
})

test('a star in a repository rule crosses slashes', () => {
  expect(matchesGlob('https://git.example.com/*', 'https://git.example.com/team/repo')).toBe(true)
  expect(matchesGlob('https://git.example.com/*', 'https://evil.example.com/team')).toBe(false)
})

test('one denying rule outweighs all that allow', () => {
  const project = { sourceRepos: ['*', '!https://git.example.com/secret*'] }
  expect(permitsSource(project, 'https://git.example.com/open')).toBe(true)
  expect(permitsSource(project, 'https://git.example.com/secret-things.git')).toBe(false)
})

test('a destination is allowed by server or by name, and denied by namespace', () => {
  const project = {
    destinations: [
      { name: 'in-*', namespace: 'team-*' },
      { server: '*', namespace: '!team-secret' },
    ],
  }
  expect(permitsDestination(project, cluster, 'team-a')).toBe(true)
  expect(permitsDestination(project, cluster, 'team-secret')).toBe(false)
  expect(permitsDestination(project, cluster, 'other')).toBe(false)
})

test('kinds are filtered by scope, and a cluster-scoped rule may name its objects', () => {
  const project = {
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'team-*' }],
    namespaceResourceBlacklist: [{ group: '', kind: 'ResourceQuota' }],
    namespaceResourceWhitelist: [{ group: 'apps', kind: '*' }],
  }
  expect(permitsResource(project, key('', 'Namespace', 'team-a'), false)).toBe(true)
  expect(permitsResource(project, key('', 'Namespace', 'kube-system'), false)).toBe(false)
  expect(permitsResource(project, key('apps', 'Deployment'), true)).toBe(true)
  expect(permitsResource(project, key('', 'ConfigMap'), true)).toBe(false)
  expect(permitsResource(project, key('', 'ResourceQuota'), true)).toBe(false)
})

test.each([
  ['https://Git.Example.com/Team/Repo.git', 'https://git.example.com/team/repo'],
  ['git@git.example.com:team/repo.git', 'ssh://git.example.com/team/repo'],
  ['ssh://git@git.example.com/team/repo', 'ssh://git.example.com/team/repo'],
])('%s is the same repository as %s', (url, same) => {
  expect(normaliseUrl(url)).toBe(normaliseUrl(same))
})

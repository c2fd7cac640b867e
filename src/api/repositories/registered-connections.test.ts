import { expect, test } from 'vitest'
import type { SecretType } from '../../live/index.ts'
import type { AppProject } from '../../model/index.ts'
import { openRegisteredConnections } from './registered-connections.ts'

const shared = {
  url: 'https://git.example.com',
  username: 'all',
  password: 'secret',
  proxy: 'http://proxy.example.com',
}

function opened(sourceRepos: string[], secrets: Partial<Record<SecretType, Record<string, string>[]>>) {
  const secretsOfType = (type: SecretType) =>
    (secrets[type] ?? []).map((fields, at) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `${type}-${at}` },
      data: Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, btoa(text)])),
    }))
  const projects: Record<string, AppProject> = {
    shop: { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'shop' }, spec: { sourceRepos } },
  }
  return openRegisteredConnections(
    { settings: () => ({}), secretsOfType, project: (name) => projects[name] },
    { globalProjects: () => [] },
  )
}

test('what a source refers to is read with the credentials of all only where its project permits it', () => {
  const url = 'https://git.example.com/bank/base'
  const permitted = opened(['https://git.example.com/bank/*'], { 'repo-creds': [shared] }).findReferred(url, 'shop')
  expect(permitted).toMatchObject({ scope: 'all projects', connection: { password: 'secret' } })
  for (const sourceRepos of [['https://git.example.com/shop/*'], ['*', '!https://git.example.com/bank/**'], []]) {
    const connections = opened(sourceRepos, { 'repo-creds': [shared] })
    const { connection, scope, withheld } = connections.findReferred(url, 'shop')
    expect(scope).toBe('nobody')
    expect(connection).toMatchObject({ proxy: 'http://proxy.example.com' })
    expect(JSON.stringify(connection)).not.toMatch(/secret|"all"/)
    expect(withheld).toMatch(/^the project shop does not permit the repository https:\/\/git\.example\.com\/bank\/base/)
    // The source itself has been looked at already.
    expect(connections.find(url, 'shop').scope).toBe('all projects')
  }
})

test('the same goes for a repository that is registered for all, and for a project that is not there', () => {
  const registered = { ...shared, url: 'https://git.example.com/bank/base' }
  const connections = opened(['https://git.example.com/shop/*'], { repository: [registered] })
  expect(connections.findReferred(registered.url, 'shop').withheld).toMatch('does not permit')
  expect(connections.findReferred(registered.url, 'gone').withheld).toBe('there is no project gone')
})

test('credentials of the project itself are used for all that they are for', () => {
  const connections = opened([], { 'repo-creds': [shared, { ...shared, password: 'own', project: 'shop' }] })
  expect(connections.findReferred('https://git.example.com/x', 'shop')).toMatchObject({
    scope: 'project shop',
    connection: { password: 'own' },
  })
})

test('what needs no credentials is read as before, and nothing is said of any', () => {
  const proxied = { url: 'https://git.example.com', proxy: shared.proxy }
  const { findReferred } = opened([], { 'repo-creds': [proxied] })
  expect(findReferred('https://git.example.com/x', 'shop')).toMatchObject({ connection: { proxy: shared.proxy } })
  expect(findReferred('https://git.example.com/x', 'shop')).not.toHaveProperty('withheld')
  expect(findReferred('https://github.com/org/x', 'shop')).not.toHaveProperty('withheld')
})

test('a host is known by the repositories and credentials that are for the project or for all', () => {
  const { hasHost } = opened([], {
    repository: [{ url: 'git@git.example.com:a/b' }, { url: 'https://own.example.com/x', project: 'shop' }],
    'repo-creds': [{ url: 'https://[fd00::1]:8443' }],
  })
  expect(['git.example.com', 'own.example.com', 'fd00::1'].map((host) => hasHost(host, 'shop'))).toEqual([
    true,
    true,
    true,
  ])
  expect(hasHost('own.example.com', 'bank')).toBe(false)
  expect(hasHost('git.example.com.evil.io', 'shop')).toBe(false)
})

test('a registry is permitted by its name, and denied by it', () => {
  const registry = { ...shared, url: 'registry.example.com' }
  const of = (sourceRepos: string[]) =>
    opened(sourceRepos, { 'repo-creds': [registry] }).findReferred('oci://registry.example.com/charts', 'shop').scope
  expect(of(['registry.example.com/charts'])).toBe('all projects')
  expect(of(['oci://registry.example.com/*'])).toBe('all projects')
  expect(of(['*', '!registry.example.com/charts'])).toBe('nobody')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterSecretName, repositorySecretName } from './secret-name.ts'

// What Argo CD calls them.
test.each([
  ['http://foo', 'cluster-foo-752281925'],
  ['http://[fe80::1ff:fe23:4567:890a]', 'cluster-fe80--1ff-fe23-4567-890a-3877258831'],
  ['http://[fe80::1ff:fe23:4567:890a]:8000', 'cluster-fe80--1ff-fe23-4567-890a-664858999'],
  ['http://[FE80::1FF:FE23:4567:890A]:8000', 'cluster-fe80--1ff-fe23-4567-890a-682802007'],
])('the Secret of the cluster %s is called %s', (server, name) => {
  expect(clusterSecretName(server)).toBe(name)
})

test.each([
  ['https://github.com/argoproj/argo-cd', '', 'repo-42374749'],
  ['https://github.com/argoproj/argo-cd', 'foobar', 'repo-1894545728'],
  ['https://github.com/argoproj/argo-cd.git', '', 'repo-821842295'],
])('the Secret of the repository %s of the project "%s" is called %s', (url, project, name) => {
  expect(repositorySecretName('repo', url, project)).toBe(name)
})

test('an address that is none gives no name', () => {
  for (const server of ['', 'far', 'far.example.com:6443', 'https://']) {
    expect(() => clusterSecretName(server)).toThrow(/is none such as/)
  }
})

test('a repository and its project make the name of a Secret, and always the same one', () => {
  expect(repositorySecretName('repo', 'https://git.example.com/x')).toMatch(/^repo-\d+$/)
  expect(repositorySecretName('creds-write', 'https://git.example.com/x')).toMatch(/^creds-write-\d+$/)
  fc.assert(
    fc.property(fc.string(), fc.string(), (url, project) => {
      const name = repositorySecretName('repo', url, project)
      expect(name).toBe(repositorySecretName('repo', url + project))
      expect(Number(name.slice(5))).toBe(referenceHash(url + project))
    }),
  )
})

/** FNV-1a in integers of any length. */
function referenceHash(text: string): number {
  let hash = 0x811c9dc5n
  for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn
  return Number(hash)
}

import { expect, test } from 'vitest'
import { fingerprint, keyFault, readKnownHosts } from '../certificates/known-hosts.ts'
import { withPublishedKeys } from './published-host-keys.ts'

const hosts = (known: string) => readKnownHosts(withPublishedKeys(known)).map(({ host, type }) => `${host} ${type}`)

test('the keys are those whose fingerprints the hosts publish', () => {
  const keys = readKnownHosts(withPublishedKeys(''))
  expect(keys.flatMap((key) => keyFault(key) ?? [])).toEqual([])
  expect(Object.fromEntries(keys.map((key) => [key.host, fingerprint(key)]))).toEqual({
    'github.com': '+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
    '[ssh.github.com]:443': '+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
    'gitlab.com': 'eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8',
    '[altssh.gitlab.com]:443': 'eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8',
    'bitbucket.org': 'ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM',
  })
})

test.each([
  ['', 5],
  ['git.example.com ssh-ed25519 AAAA', 6],
  ['github.com,140.82.112.3 ssh-rsa AAAA', 5],
  ['@revoked github.com ssh-ed25519 AAAA\n', 5],
])('where %j is set, it is among %i, and a host that it names has no key besides', (known, count) => {
  expect(hosts(known)).toHaveLength(count)
  expect(withPublishedKeys(known).startsWith(known)).toBe(true)
  if (known.includes('github.com')) expect(hosts(known)).not.toContain('github.com ssh-ed25519')
})

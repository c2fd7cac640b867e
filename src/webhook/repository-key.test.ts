import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { repositoryKey } from './repository-key.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)

describe('the key of a repository', () => {
  test('is the same for every spelling of its address', () => {
    fc.assert(
      fc.property(word, fc.array(word, { minLength: 2, maxLength: 4 }), word, (host, segments, user) => {
        const path = segments.join('/')
        const spellings = [
          `https://${host}.example.com/${path}`,
          `https://${host}.example.com/${path}.git`,
          `https://${host}.example.com/${path}/`,
          `https://${host}.example.com/${path}.git/`,
          `https://${user}:token@${host}.example.com:8443/${path}`,
          `HTTPS://${host.toUpperCase()}.Example.com/${path.toUpperCase()}`,
          `http://${host}.example.com//${path}`,
          `ssh://${user}@${host}.example.com:7999/${path}.git`,
          `git://${host}.example.com/${path}.git`,
          `${user}@${host}.example.com:${path}.git`,
          `${user}@${host}.example.com:/${path}.git`,
          `${host}.example.com:${path}`,
          `ssh://git@ssh.${host}.example.com:443/${path}.git`,
          ` https://${host}.example.com/${path}?ref=main#readme `,
        ]
        expect(new Set(spellings.map(repositoryKey))).toEqual(new Set([`${host}.example.com/${path}`]))
      }),
    )
  })

  test('is different for different repositories', () => {
    const addresses = [
      'https://github.com/acme/deploy',
      'https://github.com/acme/deploy-2',
      'https://github.com/acme/deploy/more',
      'https://github.com.evil.example/acme/deploy',
      'https://githubXcom/acme/deploy',
      'https://evil.example/github.com/acme/deploy',
      'https://evil.example/?x=github.com/acme/deploy',
      'https://github.com@evil.example/acme/deploy',
    ]
    expect(new Set(addresses.map(repositoryKey)).size).toBe(addresses.length)
  })

  test.each([
    'https://acme@dev.azure.com/acme/Web%20Shop/_git/deploy',
    'git@ssh.dev.azure.com:v3/acme/Web%20Shop/deploy',
    'https://acme.visualstudio.com/Web%20Shop/_git/deploy',
    'https://acme.visualstudio.com/DefaultCollection/Web%20Shop/_git/deploy',
    'acme@vs-ssh.visualstudio.com:v3/acme/Web%20Shop/deploy',
  ])('joins the hosts of Azure DevOps: %s', (address) => {
    expect(repositoryKey(address)).toBe('dev.azure.com/acme/web shop/deploy')
  })

  test('fills in the project that Azure DevOps leaves out', () => {
    expect(repositoryKey('https://dev.azure.com/acme/_git/deploy')).toBe('dev.azure.com/acme/deploy/deploy')
  })

  test.each(['oci://docker.io/nginx', 'registry-1.docker.io/library/nginx', 'https://index.docker.io/library/nginx/'])(
    'joins the names of Docker Hub: %s',
    (address) => {
      expect(repositoryKey(address)).toBe('docker.io/library/nginx')
    },
  )

  test.each([
    ['registry.example.com:5000/charts', 'registry.example.com/charts'],
    ['git@example.com:5000/charts', 'example.com/5000/charts'],
    ['ssh://git@[2001:db8::1]:22/acme/deploy', '2001:db8::1/acme/deploy'],
    ['/srv/git/Deploy.git', '/srv/git/Deploy'],
    ['file:///srv/git/Deploy.git', '/srv/git/Deploy'],
    ['https://example.com/100%/deploy', 'example.com/100%/deploy'],
  ])('of %s is %s', (address, key) => {
    expect(repositoryKey(address)).toBe(key)
  })

  test.each(['', ' ', 'https://', `https://example.com/${'a'.repeat(3000)}`])('there is none of %j', (address) => {
    expect(repositoryKey(address)).toBeUndefined()
  })

  test('is found or not, whatever the text, without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => void repositoryKey(text)))
  })
})

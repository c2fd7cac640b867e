import fc from 'fast-check'
import { expect, test } from 'vitest'
import { givenFields, hasCredentials, readFields, secretData, withInherited } from './repository-fields.ts'

function decoded(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
}

const text = fc.string({ minLength: 1 })
const given = fc.record(
  {
    repo: text,
    username: text,
    password: text,
    sshPrivateKey: text,
    githubAppID: fc.integer({ min: 1 }),
    azureServicePrincipalClientId: text,
    enableLfs: fc.constant(true),
    insecureOCIForceHttp: fc.constant(true),
    depth: fc.integer({ min: 1 }),
  },
  { requiredKeys: ['repo'] },
)

test('what is written to a Secret is what is read from it', () => {
  fc.assert(
    fc.property(given, (sent) => {
      const fields = givenFields('repository', sent)
      expect(readFields('repository', decoded(secretData('repository', fields)))).toEqual(fields)
    }),
  )
})

test('empty values are written only over others, and keys of somebody else stay', () => {
  const before = { data: { password: 'b2xk', insecure: 'dHJ1ZQ==', note: 'bWluZQ==' } }
  const current = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, ...before }
  const data = secretData('repository', { repo: 'https://x' }, current)
  expect(decoded(data)).toEqual({ url: 'https://x', password: '', insecure: 'false', note: 'mine' })
})

test('credentials spell the ids of Azure with a capital D, as Argo CD does, and repositories do not', () => {
  const azure = { azureServicePrincipalClientId: 'a', azureServicePrincipalTenantId: 'b' }
  expect(Object.keys(secretData('credentials', azure)).sort()).toEqual([
    'azureServicePrincipalClientID',
    'azureServicePrincipalTenantID',
  ])
  expect(Object.keys(secretData('repository', azure)).sort()).toEqual(Object.keys(azure))
})

test('a repository inherits what it does not say itself, and flags in any case', () => {
  const own = { repo: 'https://x', proxy: 'own', enableOCI: 'true' }
  const inherited = withInherited(own, { url: 'https://', username: 'ann', password: 'p', proxy: 'theirs' })
  expect(inherited).toMatchObject({ repo: 'https://x', username: 'ann', proxy: 'own', enableOCI: 'false' })
  expect(inherited).not.toHaveProperty('url')
  expect(hasCredentials(own)).toBe(false)
  expect(hasCredentials(inherited)).toBe(true)
})

import { expect, test } from 'vitest'
import type { AppProjectSpec } from '../model/index.ts'
import { signatureFault, signaturePolicy } from './source-integrity.ts'

const url = 'https://git.example.com/team/shop'
const key = '4AEE18F83AFDEB23'
const policyOf = (spec: AppProjectSpec) => signaturePolicy({ name: 'team', spec }, url)
const gpg = (mode: string) => ({ mode, keys: [key] })
const policies = (...list: object[]): AppProjectSpec => ({ sourceIntegrity: { git: { policies: list } } })

test('signatureKeys ask for a signature of every repository, unless sourceIntegrity says something of Git', () => {
  const signatureKeys = [{ keyID: key }]
  expect(policyOf({ signatureKeys })).toEqual({ keys: [key] })
  expect(policyOf({ signatureKeys, ...policies() })).toBeUndefined()
  expect(policyOf({})).toBeUndefined()
})

test('a policy counts for the repositories that it names and does not deny', () => {
  const repos = [{ url: 'https://git.example.com/*' }]
  expect(policyOf(policies({ repos, gpg: gpg('head') }))).toEqual({ keys: [key] })
  expect(policyOf(policies({ repos: [...repos, { url: `!${url}` }], gpg: gpg('head') }))).toBeUndefined()
  expect(policyOf(policies({ repos: [{ url: 'https://other/*' }], gpg: gpg('head') }))).toBeUndefined()
  expect(policyOf(policies({ repos, gpg: gpg('none') }))).toBeUndefined()
})

test('what cannot be followed refuses rather than permits', () => {
  const repos = [{ url: '*' }]
  expect(policyOf(policies({ repos, gpg: gpg('strict') }))).toEqual({
    fault: expect.stringMatching(/"strict".*use head/),
  })
  expect(policyOf(policies({ repos, gpg: gpg('head') }, { repos, gpg: gpg('head') }))).toEqual({
    fault: expect.stringMatching(/2 policies/),
  })
})

test.each([
  [{ kind: 'unsigned' }, /not signed/],
  [{ kind: 'bad', problem: 'the key has expired' }, /expired/],
  [{ kind: 'good', keys: ['AAAA0000AAAA0000AAAA00000000000000000000'] }, /key 0000000000000000, which is not among/],
  [{ kind: 'good', keys: [`DEAD${key}`] }, undefined],
  [{ kind: 'good', keys: ['SUBKEY0000000000', `DEAD${key.toLowerCase()}`] }, undefined],
] as const)('the signature %j is judged', (signature, message) => {
  const fault = signatureFault(signature as Parameters<typeof signatureFault>[0], [key])
  if (message) expect(fault).toMatch(message)
  else expect(fault).toBeUndefined()
})

test('the short ID of a key is no key: anybody can make one that has it', () => {
  expect(signatureFault({ kind: 'good', keys: [`DEAD${key}`] }, [key.slice(-8)])).toMatch(/not among/)
})

import { expect, test } from 'vitest'
import { clusterBody, clusterDraft, clusterProblems, updatedFields } from './cluster-draft.ts'

const pem = (what: string) => `-----BEGIN ${what}-----\nTUlJ\n-----END ${what}-----\n`
const base64 = (text: string) => Buffer.from(text).toString('base64')
const draft = { ...clusterDraft(), server: ' https://10.0.0.1:6443 ', token: ' abc\n' }

test('a token is sent as it is, an authority as the API wants it, and no lines mean no list', () => {
  expect(clusterBody({ ...draft, authority: pem('CERTIFICATE'), labels: ['env=prod'] })).toEqual({
    server: 'https://10.0.0.1:6443',
    name: '',
    project: '',
    namespaces: [],
    clusterResources: false,
    labels: { env: 'prod' },
    annotations: {},
    config: { bearerToken: 'abc', tlsClientConfig: { insecure: false, caData: base64(pem('CERTIFICATE')) } },
  })
})

test('a certificate goes with its key and without a token, and who checks nothing sends no authority', () => {
  const given = { ...draft, method: 'certificate', certificate: pem('CERTIFICATE'), key: pem('PRIVATE KEY') } as const
  expect(clusterProblems(given).size).toBe(0)
  expect(clusterBody({ ...given, insecure: true, authority: pem('CERTIFICATE') }).config).toEqual({
    tlsClientConfig: {
      insecure: true,
      certData: base64(pem('CERTIFICATE')),
      keyData: base64(pem('PRIVATE KEY')),
    },
  })
})

test('what is missing or no PEM is told by its field', () => {
  expect([...clusterProblems({ ...clusterDraft(), server: '10.0.0.1' })]).toEqual([
    ['server', 'address'],
    ['token', 'missing'],
  ])
  expect([...clusterProblems({ ...draft, method: 'certificate', authority: 'no' })]).toEqual([
    ['certificate', 'pem'],
    ['key', 'pem'],
    ['authority', 'pem'],
  ])
})

test('of a cluster that is known, how it is reached stays unless it is given anew', () => {
  const known = clusterDraft({
    server: 'https://10.0.0.1',
    name: 'prod',
    config: { tlsClientConfig: { insecure: true } },
  })
  expect(known).toMatchObject({ method: 'kept', insecure: true, name: 'prod' })
  expect(clusterBody(known)).not.toHaveProperty('config')
  expect(updatedFields(known)).not.toContain('config')
  expect(updatedFields({ ...known, method: 'token' })).toContain('config')
})

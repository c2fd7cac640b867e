import { expect, test } from 'vitest'
import { type ClusterRecord, readClusterSecret } from '../../clusters/index.ts'
import { decodedSecret } from '../../live/index.ts'
import { clusterSecret, updatedClusterSecret } from './cluster-secret.ts'

const record: ClusterRecord = {
  server: 'https://far.example.com/',
  name: 'far',
  namespaces: ['a', 'b'],
  clusterResources: true,
  shard: 0,
  project: 'shop',
  labels: { env: 'prod' },
  annotations: { note: 'x' },
  config: { bearerToken: 't', tlsClientConfig: { insecure: false } },
}

test('a cluster is read from its Secret as it was written', () => {
  const secret = clusterSecret(record, 'argocd')
  const { secret: _secret, ...read } = readClusterSecret(secret, decodedSecret(secret))
  expect(read).toEqual({ ...record, server: 'https://far.example.com' })
})

test('a cluster without a name is called by its address, and what it does not have is not written', () => {
  const bare = { server: 'https://far', name: '', namespaces: [], clusterResources: false, project: '' }
  const secret = clusterSecret({ ...bare, labels: {}, annotations: {}, config: {} }, 'argocd')
  expect(decodedSecret(secret)).toEqual({ server: 'https://far', name: 'https://far', config: '{}' })
})

test('a Secret that kubectl has applied keeps its mark, and nobody can set it through the API', () => {
  const applied = 'kubectl.kubernetes.io/last-applied-configuration'
  const secret = clusterSecret(record, 'argocd')
  secret.metadata.annotations = { ...secret.metadata.annotations, [applied]: 'all of it' }
  expect(readClusterSecret(secret, decodedSecret(secret)).annotations).toEqual({ note: 'x' })
  const updated = updatedClusterSecret(secret, { ...record, annotations: {} })
  expect(updated.metadata.annotations).toEqual({ 'managed-by': 'argocd.argoproj.io', [applied]: 'all of it' })
  expect(() => clusterSecret({ ...record, annotations: { [applied]: 'x' } }, 'argocd')).toThrow(/cannot be set/)
})

test('a config that is not JSON is a fault that repeats nothing of it', () => {
  const secret = clusterSecret(record, 'argocd')
  const { config, fault } = readClusterSecret(secret, { server: 'https://far', config: '{"bearerToken": "secret' })
  expect(config).toEqual({})
  expect(fault).toMatch(/is not JSON/)
  expect(fault).not.toContain('secret"')
})

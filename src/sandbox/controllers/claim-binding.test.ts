import { expect, test } from 'vitest'
import type { KubeObject } from '../object.ts'
import type { Claim, Volume } from './storage.ts'
import { stage } from './testing/stage.ts'

const claims = { group: '', version: 'v1', resource: 'persistentvolumeclaims' }
const volumes = { group: '', version: 'v1', resource: 'persistentvolumes' }
const podsName = { group: '', version: 'v1', resource: 'pods' }

function claimOf(name: string, spec: object = {}): KubeObject {
  const finalizers = ['kubernetes.io/pvc-protection']
  const requests = { storage: '2Gi' }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'demo', finalizers },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests }, ...spec },
  }
}

function volumeOf(name: string, storage: string, spec: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      ...spec,
    },
  }
}

function storageStage(cloud = true) {
  const play = stage({ nodes: 1, cloud })
  play.settle()
  return {
    ...play,
    claim: (name: string) => play.one(claims, name) as Claim | undefined,
    volume: (name: string) => play.cluster.get({ ...volumes, name }) as Volume | undefined,
    add(resource: typeof claims, object: KubeObject): void {
      play.cluster.create(resource, object)
      play.settle()
    },
    drop(resource: typeof claims, name: string): void {
      play.cluster.delete({ ...resource, ...(resource !== volumes && { namespace: 'demo' }), name })
      play.settle(1000)
    },
  }
}

test('a claim without a class takes the default one and is bound to a new volume', () => {
  const { add, claim, volume } = storageStage()
  add(claims, claimOf('data'))
  const bound = claim('data')
  expect(bound?.spec.storageClassName).toBe('standard')
  expect(bound?.status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' } })
  expect(volume(bound?.spec.volumeName ?? '')).toMatchObject({
    status: { phase: 'Bound' },
    spec: { claimRef: { name: 'data' } },
  })
})

test('the smallest volume that is large enough is taken', () => {
  const { add, claim, volume } = storageStage(false)
  add(volumes, volumeOf('small', '1Gi'))
  add(volumes, volumeOf('large', '100Gi'))
  add(volumes, volumeOf('right', '2500Mi'))
  add(volumes, volumeOf('other-class', '2Gi', { storageClassName: 'fast' }))
  add(claims, claimOf('data'))
  expect(claim('data')?.spec.volumeName).toBe('right')
  expect(volume('large')?.status?.phase).toBe('Available')
})

test('a claim waits for a volume, and is bound when one comes', () => {
  const { add, claim, events } = storageStage(false)
  add(claims, claimOf('data'))
  expect(claim('data')?.status?.phase).toBeUndefined()
  expect(events().map(({ reason }) => reason)).toEqual(['FailedBinding'])
  add(volumes, volumeOf('late', '5Gi'))
  expect(claim('data')?.status?.phase).toBe('Bound')
})

test('a claim in use stays until its pod is gone, and its provisioned volume goes with it', () => {
  const { add, drop, claim, volume } = storageStage()
  add(claims, claimOf('data'))
  const containers = [{ name: 'c', image: 'i' }]
  const mounted = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  const spec = { containers, volumes: mounted, restartPolicy: 'Always' }
  add(podsName, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'demo' }, spec })
  const name = claim('data')?.spec.volumeName ?? ''
  drop(claims, 'data')
  expect(claim('data')?.metadata.deletionTimestamp).toBeDefined()
  drop(podsName, 'p')
  expect(claim('data')).toBeUndefined()
  expect(volume(name)).toBeUndefined()
})

test('a volume that is to be retained is released, not bound again', () => {
  const { add, drop, claim, volume } = storageStage(false)
  add(volumes, volumeOf('kept', '5Gi'))
  add(claims, claimOf('data'))
  drop(claims, 'data')
  expect(volume('kept')?.status?.phase).toBe('Released')
  add(claims, claimOf('data'))
  expect(claim('data')?.spec.volumeName).toBeUndefined()
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KubeClient } from '../kube/kube-client.ts'
import { clientSideManagers, type KubeObject, type ManagedFieldsEntry, track } from '../model/index.ts'
import { predict, remove, targetOf, write } from './apply.ts'
import { openTestCluster, type TestCluster } from './fixtures/test-cluster.ts'
import { migratedManagedFields } from './migrate.ts'

const method = { replace: false, force: false, validate: true, migrate: clientSideManagers }

function entry(manager: string, fieldsV1: object, more: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry {
  const time = '2026-01-01T00:00:00Z'
  return {
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time,
    fieldsType: 'FieldsV1',
    ...more,
    fieldsV1: { ...fieldsV1 },
  }
}

describe('migrating managedFields', () => {
  const data = (...names: string[]) => ({ 'f:data': Object.fromEntries(names.map((name) => [`f:${name}`, {}])) })
  const ours = entry('argocd-controller', data('a'), { operation: 'Apply', time: '2026-01-02T00:00:00Z' })

  test('moves what was applied client-side to our own entry and leaves all others', () => {
    const edit = entry('kubectl-edit', data('e'))
    const status = entry('argocd-controller', {}, { subresource: 'status' })
    const entries = [edit, ours, entry('kubectl-client-side-apply', data('a', 'b')), status]
    expect(migratedManagedFields(entries, clientSideManagers)).toEqual([
      { ...ours, time: '2026-01-01T00:00:00Z', fieldsV1: data('a', 'b') },
      edit,
      status,
    ])
  })

  test('makes an entry where we have none, of all that Argo CD and kubectl applied', () => {
    const older = entry('argocd-application-controller', data('x'), { time: '2025-01-01T00:00:00Z' })
    expect(migratedManagedFields([older, entry('argocd-controller', data('y'))], clientSideManagers)).toEqual([
      entry('argocd-controller', { 'f:data': { 'f:x': {}, 'f:y': {} } }, { operation: 'Apply' }),
    ])
  })

  test('does nothing where there is nothing to move', () => {
    expect(migratedManagedFields([ours, entry('kubectl-edit', data('e'))], clientSideManagers)).toBeUndefined()
    expect(migratedManagedFields(undefined, clientSideManagers)).toBeUndefined()
  })
})

describe('on a cluster', () => {
  let cluster: TestCluster
  let client: KubeClient
  let count = 0

  beforeAll(async () => {
    cluster = await openTestCluster()
    client = cluster.client
  })
  afterAll(() => cluster.close())

  function configMap(name: string, data: Record<string, string>, more: object = {}): KubeObject {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data, ...more }
  }

  const fresh = (data: Record<string, string>, more: object = {}) => configMap(`c${++count}`, data, more)
  const owners = (object: KubeObject) =>
    object.metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`)

  test('what kubectl applied client-side is taken over, and what Git dropped goes', async () => {
    const made = fresh({ a: '1', old: 'x' })
    const manager = { fieldManager: 'kubectl-client-side-apply' }
    await client.create(made, manager)
    const { old: _, ...kept } = made.data as Record<string, string>
    const written = await write(client, { ...made, data: kept }, method)
    expect(written.data).toEqual({ a: '1' })
    expect(owners(written)).toEqual(['argocd-controller Apply'])
  })

  test('it moves even when a controller writes the object at every moment', async () => {
    const made = fresh({ a: '1', old: 'x' })
    await client.create(made, { fieldManager: 'kubectl-client-side-apply' })
    let disturbances = 3
    const disturbed: KubeClient = {
      ...client,
      async patch(target, patch, options) {
        if (disturbances-- > 0)
          await client.patch(target, { metadata: { labels: { left: `${disturbances}` } } }, { type: 'merge' })
        return client.patch(target, patch, options)
      },
    }
    const written = await write(disturbed, { ...made, data: { a: '1' } }, method)
    expect(written.data).toEqual({ a: '1' })
  })

  test('it stays with kubectl when migration is off', async () => {
    const made = fresh({ a: '1', old: 'x' })
    await client.create(made, { fieldManager: 'kubectl-client-side-apply' })
    const written = await write(client, { ...made, data: { a: '1' } }, { ...method, migrate: [] })
    expect(written.data).toEqual({ a: '1', old: 'x' })
  })

  test('a second write of the same changes nothing', async () => {
    const object = track(fresh({ a: '1' }), 'shop')
    const first = await write(client, object, method)
    const second = await write(client, object, method)
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
  })

  test('fields are taken from others, who keep what we do not declare', async () => {
    const object = fresh({ a: '1' })
    await write(client, object, method)
    await client.patch(targetOf(object), { data: { a: '2', b: '3' } }, { type: 'merge', fieldManager: 'kubectl-edit' })
    expect((await write(client, object, method)).data).toEqual({ a: '1', b: '3' })
  })

  test('Replace leaves nothing but what is declared, and makes what is not there', async () => {
    const object = fresh({ a: '1' })
    const replace = { ...method, replace: true }
    expect((await write(client, object, replace)).data).toEqual({ a: '1' })
    await client.patch(targetOf(object), { data: { b: '3' } }, { type: 'merge', fieldManager: 'kubectl-edit' })
    expect((await write(client, object, replace)).data).toEqual({ a: '1' })
  })

  test('Force makes anew what may not be changed, and only that', async () => {
    const object = fresh({ a: '1' }, { immutable: true })
    const first = await write(client, object, method)
    const changed = { ...object, data: { a: '2' } }
    await expect(write(client, changed, method)).rejects.toThrow(/immutable/)
    const forced = await write(client, changed, { ...method, force: true })
    expect(forced.data).toEqual({ a: '2' })
    expect(forced.metadata.uid).not.toBe(first.metadata.uid)
    expect((await write(client, changed, { ...method, force: true })).metadata.uid).toBe(forced.metadata.uid)
  })

  test('Force with Replace makes anew at once, but never a namespace', async () => {
    const force = { ...method, replace: true, force: true }
    const object = fresh({ a: '1' })
    const first = await write(client, object, force)
    expect((await write(client, object, force)).metadata.uid).not.toBe(first.metadata.uid)
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kept' } }
    const made = await write(client, namespace, force)
    expect((await write(client, namespace, force)).metadata.uid).toBe(made.metadata.uid)
  })

  test('a prediction stores nothing', async () => {
    const object = fresh({ a: '1' })
    expect((await predict(client, object)).data).toEqual({ a: '1' })
    expect(await client.get(targetOf(object))).toBeUndefined()
  })

  test('unknown fields are refused', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c${++count}`, namespace: 'default' },
      dada: { a: '1' },
    }
    await expect(write(client, pod, method)).rejects.toThrow(/dada/)
  })

  test('a deletion spares another object of the same name, and accepts that there is none', async () => {
    const object = fresh({ a: '1' })
    await write(client, object, method)
    await remove(client, targetOf(object), { uid: 'another', propagationPolicy: 'Foreground' })
    expect(await client.get(targetOf(object))).toBeDefined()
    await remove(client, targetOf(object), { uid: undefined, propagationPolicy: 'Background' })
    await remove(client, targetOf(object), { uid: undefined, propagationPolicy: 'Background' })
    expect(await client.get(targetOf(object))).toBeUndefined()
  })
})

import { expect, test } from 'vitest'
import { KubeError } from '../kube/kube-error.ts'
import type { KubeObject } from '../model/index.ts'
import type { Services } from './services.ts'
import { storedObjects } from './stored-objects.ts'

function secret(metadata: object = {}): KubeObject {
  const data = { password: Buffer.from('hunter22').toString('base64') }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a', namespace: 'argocd', resourceVersion: '7', ...metadata },
    data,
  }
}

function stage(client: object) {
  const seen: string[] = []
  const controlPlane = {
    remember: ({ metadata }: KubeObject) => void seen.push(`has ${metadata.name}`),
    forget: ({ metadata }: KubeObject) => void seen.push(`lost ${metadata.name}`),
  }
  return { seen, stored: storedObjects({ client, controlPlane } as unknown as Services) }
}

const conflict = () => new KubeError('changed', { code: 409, reason: 'Conflict' })

test('a change is made from what is stored, guarded by its version, and once more when somebody else was quicker', async () => {
  const patches: unknown[] = []
  const { stored, seen } = stage({
    get: async () => secret({ resourceVersion: String(7 + patches.length) }),
    async patch(_target: unknown, patch: unknown) {
      patches.push(patch)
      if (patches.length === 1) throw conflict()
      return secret()
    },
  })
  await stored.change(secret(), ({ metadata }) => ({ data: { seen: metadata.resourceVersion } }))
  expect(patches).toEqual([
    { data: { seen: '7' }, metadata: { resourceVersion: '7' } },
    { data: { seen: '8' }, metadata: { resourceVersion: '8' } },
  ])
  expect(seen).toEqual(['has a'])
})

test('it is not tried for ever, and nothing is written when nothing changes', async () => {
  let tries = 0
  const { stored } = stage({
    get: async () => secret(),
    async patch() {
      tries++
      throw conflict()
    },
  })
  await expect(stored.change(secret(), () => ({ data: {} }))).rejects.toThrow('changed')
  expect(tries).toBe(5)
  await stored.change(secret(), () => undefined)
  expect(tries).toBe(5)
  const gone = stage({ get: async () => undefined })
  await expect(gone.stored.change(secret(), () => ({}))).rejects.toThrow('Secret a does not exist any more')
})

test('a refusal of a Secret does not repeat its values', async () => {
  const { stored } = stage({
    async create() {
      throw new KubeError('Secret "a" is invalid: data: Invalid value: "hunter22"', { code: 422, reason: 'Invalid' })
    },
  })
  const refused = stored.create(secret())
  await expect(refused).rejects.toThrow('Secret "a" is invalid')
  await expect(refused).rejects.not.toThrow('hunter22')
})

test('a Secret that was made through the API is deleted, and another one only let go of', async () => {
  const done: unknown[] = []
  const { stored, seen } = stage({
    get: async () => secret(),
    async patch(_target: unknown, patch: { metadata: { labels: unknown } }) {
      done.push(patch.metadata.labels)
      return secret()
    },
    async delete() {
      done.push('deleted')
      return { state: 'gone' }
    },
  })
  await stored.removeSecret(secret())
  await stored.removeSecret(secret({ annotations: { 'managed-by': 'argocd.argoproj.io' } }))
  expect(done).toEqual([{ 'argocd.argoproj.io/secret-type': null }, 'deleted'])
  expect(seen).toEqual(['has a', 'lost a'])
})

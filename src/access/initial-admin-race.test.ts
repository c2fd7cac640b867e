import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { ensureAdmin } from './initial-admin.ts'
import { Conflict, secretStore } from './test-secret-store.ts'

// A real one takes a tenth of a second, and there are thousands.
const hashed = async (password: string) => `hash of ${password}`

test('several that start together come to one password, in whatever order they read and write', async () => {
  const empty = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret' } }
  const old = { ...empty, metadata: { name: 'argocd-initial-admin-secret' }, data: { password: 'b2xk' } }
  const present = fc.constantFrom<KubeObject[]>([], [empty], [old], [empty, old])
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), present, async (scheduler, given) => {
      const secrets = secretStore(...given)
      const slowly = {
        get: scheduler.scheduleFunction(secrets.get),
        create: scheduler.scheduleFunction(secrets.create),
        patch: scheduler.scheduleFunction(secrets.patch),
      }
      // As a start is tried again.
      const start = async () => {
        for (;;) {
          try {
            return await ensureAdmin(slowly, { namespace: 'argocd', now: new Date(), hashed })
          } catch (error) {
            if (!(error instanceof Conflict)) throw error
          }
        }
      }
      const starts = Promise.all([start(), start(), start()])
      await scheduler.waitFor(starts)
      const password = secrets.value('argocd-initial-admin-secret', 'password')
      expect(secrets.value('argocd-secret', 'admin.password')).toBe(`hash of ${password}`)
      expect(await starts).toEqual([password, password, password])
      expect(password).toHaveLength(24)
    }),
    { numRuns: 500 },
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inferOwners, isOwnedBy } from './inferred-owners.ts'

const claim = (name: string) => ({ group: '', kind: 'PersistentVolumeClaim', namespace: 'shop', name })
const set = (name: string, ...templates: string[]) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, namespace: 'shop' },
  spec: { volumeClaimTemplates: templates.map((template) => ({ metadata: { name: template } })) },
})

test('endpoints belong to the service of the same name', () => {
  const key = { group: '', kind: 'Endpoints', namespace: 'shop', name: 'web' }
  expect(inferOwners(key)).toEqual([{ ...key, kind: 'Service' }])
})

test('a claim may belong to every set that its name can mean, and belongs to those that have the template', () => {
  expect(inferOwners(claim('data-my-web-0')).map(({ name }) => name)).toEqual(['my-web', 'web'])
  expect(isOwnedBy(claim('data-my-web-0'), set('my-web', 'data'))).toBe(true)
  expect(isOwnedBy(claim('data-my-web-0'), set('web', 'data'))).toBe(false)
  expect(isOwnedBy(claim('data-my-web-0'), set('web', 'data-my'))).toBe(true)
  expect(inferOwners(claim('data'))).toEqual([])
  expect(inferOwners(claim('data-web-latest'))).toEqual([])
})

test('the claim of any template of any set finds its set', () => {
  const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/)
  fc.assert(
    fc.property(name, name, fc.nat(99), (template, owner, ordinal) => {
      const key = claim(`${template}-${owner}-${ordinal}`)
      expect(inferOwners(key).map((each) => each.name)).toContain(owner)
      expect(isOwnedBy(key, set(owner, template))).toBe(true)
    }),
  )
})

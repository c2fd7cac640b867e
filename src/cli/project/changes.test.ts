import { expect, test } from 'vitest'
import type { AppProjectSpec } from '../../model/index.ts'
import { projectChanges, withKind } from './changes.ts'
import { changedList, changes as integrityChanges } from './integrity.ts'
import { changes as roleChanges } from './roles.ts'
import { kindOf, withProjectFlags } from './spec-flags.ts'

const job = { group: 'batch', kind: 'Job' }

function changed(name: string, spec: AppProjectSpec, args: string[], flags: object = {}): AppProjectSpec {
  const change = [...projectChanges, ...roleChanges].find((one) => one.name === name)
  if (!change) throw new Error(`there is no ${name}`)
  return change.apply(spec, { project: 'shop', args, flags })
}

test('what is allowed goes into one list, or out of the other; the same spec where it is so already', () => {
  const into = withKind({}, job, { verb: 'allow', scope: 'namespace', list: 'allow' })
  expect(into).toEqual({ namespaceResourceWhitelist: [job] })
  expect(withKind(into, job, { verb: 'allow', scope: 'namespace', list: 'allow' })).toBe(into)
  const denied = withKind({}, job, { verb: 'deny', scope: 'cluster', list: 'deny' })
  expect(denied).toEqual({ clusterResourceBlacklist: [job] })
  expect(withKind(denied, job, { verb: 'allow', scope: 'cluster', list: 'deny' })).toEqual({
    clusterResourceBlacklist: [],
  })
})

test('a destination is the same whatever the order of its fields', () => {
  const spec = { destinations: [{ namespace: 'x', server: 'https://a' }] }
  expect(() => changed('add-destination', spec, ['https://a', 'x'])).toThrow(/already/)
  expect(changed('remove-destination', spec, ['https://a', 'x'])).toEqual({ destinations: [] })
})

test('an account of a destination is removed with or without its namespace', () => {
  const spec = changed('add-destination-service-account', {}, ['https://a', 'x', 'deployer'], {
    serviceAccountNamespace: 'accounts',
  })
  expect(spec.destinationServiceAccounts).toEqual([
    { server: 'https://a', namespace: 'x', defaultServiceAccount: 'accounts:deployer' },
  ])
  expect(changed('remove-destination-service-account', spec, ['https://a', 'x', 'deployer'])).toEqual({
    destinationServiceAccounts: [],
  })
})

test('a policy is written as the project has to write it', () => {
  const flags = { action: 'sync', object: '*', resource: 'applications', permission: 'deny' }
  const spec = changed('add-policy', { roles: [{ name: 'ci' }] }, ['ci'], flags)
  expect(spec.roles?.[0]?.policies).toEqual(['p, proj:shop:ci, applications, sync, shop/*, deny'])
  expect(changed('add-policy', spec, ['ci'], flags)).toBe(spec)
  expect(changed('remove-policy', spec, ['ci'], flags).roles?.[0]?.policies).toEqual([])
  expect(() => changed('remove-policy', spec, ['cd'], flags)).toThrow(/no role cd; there are: ci/)
})

test('each flag of a project replaces what was there, and the others stay', () => {
  const spec = { description: 'old', sourceRepos: ['a'] }
  expect(withProjectFlags(spec, {})).toBe(spec)
  expect(
    withProjectFlags(spec, { src: ['b'], dest: ['https://a,x'], allowClusterResource: ['/Namespace/team-*'] }),
  ).toEqual({
    description: 'old',
    sourceRepos: ['b'],
    destinations: [{ server: 'https://a', namespace: 'x' }],
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'team-*' }],
  })
  expect(() => withProjectFlags(spec, { dest: ['https://a'] })).toThrow(/2 parts/)
})

test.each([
  ['ClusterRole', { group: '', kind: 'ClusterRole' }],
  ['apps/Deployment', { group: 'apps', kind: 'Deployment' }],
])('%s is a kind', (text, kind) => {
  expect(kindOf(text, 2)).toEqual(kind)
})

test('a kind of a namespace has no name', () => {
  expect(() => kindOf('apps/Deployment/web', 2)).toThrow(/slashes/)
})

test('lists of a signature policy are replaced, or changed one by one', () => {
  expect(changedList(['a', 'b'], { set: ['c'], add: ['d'], leave: ['c'] })).toEqual(['d'])
  expect(changedList(['a', 'b'], { add: ['a', 'c'] })).toEqual(['a', 'b', 'c'])
  const remove = integrityChanges.find(({ name }) => name === 'delete')
  const policies = ['a', 'b', 'c'].map((url) => ({ repos: [{ url }] }))
  const spec = remove?.apply(
    { sourceIntegrity: { git: { policies } } },
    { project: 'shop', args: ['0', '2'], flags: {} },
  )
  expect(spec?.sourceIntegrity?.git?.policies).toEqual([policies[1]])
})

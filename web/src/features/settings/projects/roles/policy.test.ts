import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Policy, policyActions, policyResources, readPolicy, renamed, sentence, writePolicy } from './policy.ts'

const ci = { project: 'shop', role: 'ci' }

test.each([
  [
    'p, proj:shop:ci, applications, sync, shop/*, allow',
    'May sync all applications',
    'Peut synchroniser toutes les applications',
  ],
  ['p,proj:shop:ci,applications,get,shop/web,allow', 'May see application web', 'Peut voir l’application web'],
  [
    'p, proj:shop:ci, logs, get, shop/*, deny',
    'May never see the logs of any application',
    'Ne peut voir les journaux d’aucune application',
  ],
  [
    'p, proj:shop:ci, applications, action/apps/Deployment/restart, shop/ns/web, allow',
    'May run restart on apps/Deployment in application ns/web',
    'Peut lancer restart sur apps/Deployment dans l’application ns/web',
  ],
  [
    'p, proj:shop:ci, applications, delete/*/Pod/*/*, shop/web, allow',
    'May delete */Pod/*/* in application web',
    'Peut supprimer */Pod/*/* dans l’application web',
  ],
  [
    'p, proj:shop:ci, applications, sync/prune, shop/*, deny',
    'May never prune when syncing any application',
    'Ne peut élaguer en synchronisant aucune application',
  ],
])('%s reads: %s', (line, english, french) => {
  const policy = readPolicy(line, ci)
  if (!policy) throw new Error('it was not read')
  expect(sentence(policy, 'en')).toBe(english)
  expect(sentence(policy, 'fr')).toBe(french)
})

test.each([
  'p, proj:shop:other, applications, sync, shop/*, allow',
  'p, proj:shop:ci, applications, sync, billing/*, allow',
  'p, proj:shop:ci, applications, sync, shop/*, maybe',
  'p, proj:shop:ci, applications, sync, shop/*',
  'g, ann, proj:shop:ci',
  '',
])('%j is no line of the role', (line) => {
  expect(readPolicy(line, ci)).toBeUndefined()
})

const policies = fc.record({
  resource: fc.constantFrom(...policyResources),
  action: fc.constantFrom(...policyActions),
  object: fc.constantFrom('*', 'web', 'ns/web'),
  effect: fc.constantFrom('allow' as const, 'deny' as const),
}) satisfies fc.Arbitrary<Policy>

test('what is written is read as it was meant, also under another name', () => {
  fc.assert(
    fc.property(policies, (policy) => {
      expect(readPolicy(writePolicy(policy, ci), ci)).toEqual(policy)
      const deployer = { project: 'shop', role: 'deployer' }
      expect(readPolicy(renamed(writePolicy(policy, ci), ci, deployer), deployer)).toEqual(policy)
      expect(sentence(policy, 'en')).not.toBe(
        sentence({ ...policy, effect: policy.effect === 'allow' ? 'deny' : 'allow' }, 'en'),
      )
    }),
  )
})

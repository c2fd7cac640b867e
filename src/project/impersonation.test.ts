import { expect, test } from 'vitest'
import type { AppProjectSpec } from '../model/index.ts'
import { serviceAccountFor } from './impersonation.ts'

const request = {
  cluster: { server: 'https://kubernetes.default.svc', name: 'in-cluster' },
  namespace: 'shop',
  applicationNamespace: 'argocd',
}
type Entries = AppProjectSpec['destinationServiceAccounts']

function account(destinationServiceAccounts: Entries, more: Partial<typeof request> = {}) {
  return serviceAccountFor({ name: 'team', spec: { destinationServiceAccounts } }, { ...request, ...more })
}

const entry = (defaultServiceAccount: string, namespace = '*') => ({ server: '*', namespace, defaultServiceAccount })

test('the first entry that matches counts', () => {
  expect(account([entry('other', 'web'), entry('one', 'sh*'), entry('two')])).toEqual({
    user: 'system:serviceaccount:shop:one',
  })
  expect(account([entry('one', 'web')])).toBeUndefined()
  expect(account([{ ...entry('one'), server: 'https://other' }])).toBeUndefined()
  expect(account(undefined)).toBeUndefined()
})

test('an account lives where the application goes, else where it is declared, unless it says where', () => {
  expect(account([entry('one')], { namespace: '' })).toEqual({ user: 'system:serviceaccount:argocd:one' })
  expect(account([entry('tools:one')])).toEqual({ user: 'system:serviceaccount:tools:one' })
})

test.each(['', ' ', 'a*', '!a', 'a/b', '{a}'])('%j is no service account', (name) => {
  expect(account([entry(name)])).toEqual({ fault: expect.stringMatching(/correct its destinationServiceAccounts/) })
})

import { expect, test } from 'vitest'
import type { Access, Caller } from '../access/index.ts'
import { ApiError } from './api-error.ts'
import { recheckMs, standingRights } from './standing-rights.ts'

const question = { resource: 'applications', action: 'get', object: 'default/web' }

function stand() {
  let time = 0
  const state = { allowed: true, signedIn: true, looked: 0 }
  const caller = { kind: 'account', name: 'ana', issuer: 'argocd', groups: [] } as unknown as Caller
  const access = {
    async callerOf() {
      state.looked++
      if (!state.signedIn) throw new ApiError('Unauthenticated', 'token has been revoked')
      return caller
    },
    enforcerOf: () => {
      const { allowed } = state
      return { may: () => ({ allowed }) }
    },
  } as unknown as Pick<Access, 'callerOf' | 'enforcerOf'>
  const rights = standingRights({ caller, token: 'token', now: () => time }, access)
  return { state, rights, pass: (ms: number) => (time += ms) }
}

test('a right that is taken away is gone within a second', () => {
  const { state, rights, pass } = stand()
  state.allowed = false
  expect(rights.may(question)).toBe(true)
  pass(1000)
  expect(rights.may(question)).toBe(false)
})

test('a token is looked at now and then, and its end is told', async () => {
  const { state, rights, pass } = stand()
  state.signedIn = false
  await rights.check()
  expect(state.looked).toBe(0)
  pass(recheckMs)
  await expect(rights.check()).rejects.toMatchObject({ code: 'Unauthenticated' })
})

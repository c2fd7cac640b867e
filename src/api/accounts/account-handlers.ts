/** Local accounts, their passwords and tokens, and what the caller may do. */
import type { Caller } from '../../access/index.ts'
import { type Action, routes } from '../../contract/index.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import type { Account } from './account-access.ts'
import { canIQuestion } from './can-i.ts'
import { tokenOptions } from './token-options.ts'

export function accountHandlers(services: Services): Handler[] {
  const { accounts, controlPlane } = services

  function findAccount(call: Pick<Call, 'may' | 'caller'>, name: string, action: Action): Account {
    if (!mayOf(call, name, action)) throw permissionDenied(`accounts, ${action}, ${name}, sub: ${call.caller.name}`)
    const account = accounts.accounts().find((one) => one.name === name)
    if (!account) throw new ApiError('NotFound', `there is no account ${name}`)
    return account
  }

  return [
    handler(routes.accounts.list, async (call) => {
      const visible = accounts.accounts().filter(({ name }) => mayOf(call, name, 'get'))
      return { items: visible.map(shownAccount).sort((one, other) => (one.name < other.name ? -1 : 1)) }
    }),
    handler(routes.accounts.get, async (call) => shownAccount(findAccount(call, call.params.name, 'get'))),
    handler(routes.accounts.canI, async (call) => {
      const question = canIQuestion(call.params, controlPlane.namespace)
      return { value: call.may(question) ? 'yes' : 'no' }
    }),
    handler(routes.accounts.updatePassword, async (call) => {
      const { caller, address, body } = call
      const account = body.name || caller.name
      const mayChange = call.may({ resource: 'accounts', action: 'update', object: account })
      if (!isOwn(caller, account) && !mayChange) {
        throw permissionDenied(`accounts, update, ${account}, sub: ${caller.name}`)
      }
      if (caller.kind !== 'account') {
        throw new ApiError('InvalidArgument', 'passwords are changed by local accounts: sign in with one of them')
      }
      const proof = { account: caller.name, password: body.currentPassword ?? '', address }
      await accounts.changePassword({ account, newPassword: body.newPassword ?? '', proof })
      await audit(
        call,
        { reason: 'ResourceUpdated', did: `changed the password of account ${account}`, object: account },
        services,
      )
      return {}
    }),
    handler(routes.accounts.createToken, async (call) => {
      const { name } = findAccount(call, call.params.name, 'update')
      const { id, token } = await accounts.createToken(name, tokenOptions(call.body))
      await audit(
        call,
        { reason: 'ResourceCreated', did: `created token ${id} of account ${name}`, object: name },
        services,
      )
      return { token }
    }),
    handler(routes.accounts.deleteToken, async (call) => {
      const { name, tokens } = findAccount(call, call.params.name, 'update')
      const { id } = call.params
      if (!tokens.some((token) => token.id === id))
        throw new ApiError('NotFound', `the account ${name} has no token ${id}`)
      await accounts.deleteToken(name, id)
      await audit(
        call,
        { reason: 'ResourceDeleted', did: `deleted token ${id} of account ${name}`, object: name },
        services,
      )
      return {}
    }),
  ]
}

/** Everybody may see and change what is their own. */
function mayOf(call: Pick<Call, 'may' | 'caller'>, name: string, action: Action): boolean {
  return call.may({ resource: 'accounts', action, object: name }) || isOwn(call.caller, name)
}

function isOwn({ kind, name }: Caller, account: string): boolean {
  return kind === 'account' && name === account
}

function shownAccount({ name, enabled, capabilities, tokens }: Account) {
  const newest = [...tokens].sort((one, other) => other.iat - one.iat)
  return {
    name,
    enabled,
    capabilities,
    tokens: newest.map(({ id, iat, exp }) => ({ id, issuedAt: iat, ...(exp && { expiresAt: exp }) })),
  }
}

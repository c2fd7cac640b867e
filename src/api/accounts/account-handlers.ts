/** Local accounts, their passwords and tokens, and what the caller may do. */
import type { AccountInfo } from '../../access/index.ts'
import { type Action, routes } from '../../contract/index.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { tokenOptions } from './token-options.ts'

/** The account service permits everybody what is their own, and asks the policies for the rest. */
export function accountHandlers(services: Services): Handler[] {
  const { accounts, controlPlane } = services
  // What has been asked there is not seen here.
  const ask = (call: Pick<Call, 'may'>, action: Action, object: string) =>
    call.may({ resource: 'accounts', action, object })

  return [
    handler(routes.accounts.list, async (call) => {
      const visible = accounts.list(call.caller)
      ask(call, 'get', '')
      return { items: visible.map(shownAccount) }
    }),
    handler(routes.accounts.get, async (call) => {
      ask(call, 'get', call.params.name)
      return shownAccount(accounts.get(call.caller, call.params.name))
    }),
    handler(routes.accounts.canI, async ({ caller, params: { resource, action, subresource } }) => {
      const mayI = accounts.canI(caller, { resource, action, object: subresource }, controlPlane.namespace)
      return { value: mayI ? 'yes' : 'no' }
    }),
    handler(routes.accounts.canIEach, async ({ caller, body: { questions } }) => ({
      values: questions.map((question) => accounts.canI(caller, question, controlPlane.namespace)),
    })),
    handler(routes.accounts.updatePassword, async (call) => {
      const { caller, address, body } = call
      const object = body.name || caller.name
      ask(call, 'update', object)
      const { currentPassword, newPassword } = body
      await accounts.updatePassword(caller, {
        ...(body.name && { name: body.name }),
        currentPassword: currentPassword ?? '',
        newPassword: newPassword ?? '',
        address,
      })
      await audit(
        call,
        { reason: 'ResourceUpdated', did: `changed the password of account ${object}`, object },
        services,
      )
      return {}
    }),
    handler(routes.accounts.createToken, async (call) => {
      const { name: object } = call.params
      ask(call, 'update', object)
      const token = await accounts.createToken(call.caller, { name: object, ...tokenOptions(call.body) })
      await audit(call, { reason: 'ResourceCreated', did: `created a token of account ${object}`, object }, services)
      return { token }
    }),
    handler(routes.accounts.deleteToken, async (call) => {
      const { name: object, id } = call.params
      ask(call, 'update', object)
      await accounts.deleteToken(call.caller, { name: object, id })
      await audit(
        call,
        { reason: 'ResourceDeleted', did: `deleted token ${id} of account ${object}`, object },
        services,
      )
      return {}
    }),
  ]
}

function shownAccount({ name, enabled, capabilities, tokens }: AccountInfo) {
  return {
    name,
    enabled,
    capabilities,
    tokens: tokens.map(({ id, iat, exp }) => ({ id, issuedAt: iat, ...(exp && { expiresAt: exp }) })),
  }
}

/** Local accounts, their passwords and tokens, and what the caller may do. */
import { Flag, Integer, Text, Texts, Type } from '../../model/schema.ts'
import { body, fields } from '../body.ts'
import { Nothing, named } from '../named.ts'
import { route } from '../route.ts'

const Token = fields('accountToken', { id: Text, issuedAt: Integer, expiresAt: Integer })
const Account = fields('accountAccount', {
  name: Text,
  enabled: Flag,
  capabilities: Texts,
  tokens: Type.Array(Token),
})

export const accounts = {
  list: route({
    id: 'accounts.list',
    method: 'GET',
    path: '/api/v1/account',
    summary: 'The accounts that the caller may see',
    permission: 'accounts:get',
    answer: named('accountAccountsList', Type.Object({ items: Type.Array(Account) })),
  }),
  get: route({
    id: 'accounts.get',
    method: 'GET',
    path: '/api/v1/account/{name}',
    summary: 'One account',
    permission: 'accounts:get',
    answer: Account,
  }),
  canI: route({
    id: 'accounts.canI',
    method: 'GET',
    path: '/api/v1/account/can-i/{resource}/{action}/{subresource=**}',
    summary: 'Whether the caller may do it: yes or no',
    permission: 'signed in',
    answer: named('accountCanIResponse', Type.Object({ value: Text })),
  }),
  canIEach: route({
    id: 'accounts.canIEach',
    method: 'POST',
    path: '/api/v1/account/can-i',
    summary: 'Whether the caller may do each of several things',
    permission: 'signed in',
    body: Type.Object({
      questions: Type.Array(Type.Object({ resource: Text, action: Text, object: Text }), { maxItems: 200 }),
    }),
    answer: named('tiphysCanIEachResponse', Type.Object({ values: Type.Array(Flag) })),
  }),
  updatePassword: route({
    id: 'accounts.updatePassword',
    method: 'PUT',
    path: '/api/v1/account/password',
    summary: 'Give an account another password',
    permission: 'accounts:update',
    body: body('accountUpdatePasswordRequest', { name: Text, currentPassword: Text, newPassword: Text }),
    answer: Nothing,
  }),
  createToken: route({
    id: 'accounts.createToken',
    method: 'POST',
    path: '/api/v1/account/{name}/token',
    summary: 'A token that stands for an account',
    permission: 'accounts:update',
    body: body('accountCreateTokenRequest', { name: Text, id: Text, expiresIn: Integer }),
    answer: named('accountCreateTokenResponse', Type.Object({ token: Text })),
  }),
  deleteToken: route({
    id: 'accounts.deleteToken',
    method: 'DELETE',
    path: '/api/v1/account/{name}/token/{id}',
    summary: 'A token of an account is no longer accepted',
    permission: 'accounts:update',
    answer: Nothing,
  }),
}

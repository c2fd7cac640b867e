/** The GnuPG keys that commits may be signed with. */
import { Flag, Text, Texts, Type } from '../../model/schema.ts'
import { body, fields } from '../body.ts'
import { listOf, Nothing, named, query } from '../named.ts'
import { route } from '../route.ts'

const key = { keyID: Text, fingerprint: Text, owner: Text, trust: Text, subType: Text, keyData: Text }
const Key = fields('v1alpha1GnuPGPublicKey', key)
const Keys = listOf('v1alpha1GnuPGPublicKeyList', Key)

export const gpgKeys = {
  list: route({
    id: 'gpgKeys.list',
    method: 'GET',
    path: '/api/v1/gpgkeys',
    summary: 'The keys, without their data',
    permission: 'gpgkeys:get',
    query: query({ keyID: Text }),
    answer: Keys,
  }),
  create: route({
    id: 'gpgKeys.create',
    method: 'POST',
    path: '/api/v1/gpgkeys',
    summary: 'Add the public keys of an ASCII-armoured text; those that are there already are skipped',
    permission: 'gpgkeys:create',
    query: query({ upsert: Flag }),
    body: body('v1alpha1GnuPGPublicKeyGiven', key),
    answer: named('gpgkeyGnuPGPublicKeyCreateResponse', Type.Object({ created: Keys, skipped: Texts })),
  }),
  delete: route({
    id: 'gpgKeys.delete',
    method: 'DELETE',
    path: '/api/v1/gpgkeys',
    summary: 'Remove a key',
    permission: 'gpgkeys:delete',
    query: query({ keyID: Text }),
    answer: Nothing,
  }),
  get: route({
    id: 'gpgKeys.get',
    method: 'GET',
    path: '/api/v1/gpgkeys/{keyID}',
    summary: 'One key, with its data',
    permission: 'gpgkeys:get',
    answer: Key,
  }),
}

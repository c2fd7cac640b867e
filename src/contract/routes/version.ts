/** Which Tiphys this is. */
import { Type } from '../../model/schema.ts'
import { named } from '../named.ts'
import { route } from '../route.ts'

const Version = named(
  'versionVersionMessage',
  Type.Object({
    Version: Type.String(),
    Platform: Type.Optional(Type.String()),
    HelmVersion: Type.Optional(Type.String()),
    KustomizeVersion: Type.Optional(Type.String()),
    KubectlVersion: Type.Optional(Type.String()),
    JsonnetVersion: Type.Optional(Type.String()),
  }),
)

export const version = {
  get: route({
    id: 'version.get',
    method: 'GET',
    path: '/api/version',
    summary: 'The version of the server; more of it for who is signed in',
    permission: 'public',
    answer: Version,
  }),
}

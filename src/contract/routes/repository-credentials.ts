/** Credentials that count for all repositories whose address begins like theirs. */
import { Flag, Text } from '../../model/schema.ts'
import { RepositoryCredentials, RepositoryCredentialsGiven, RepositoryCredentialsList } from '../connection-kinds.ts'
import { Nothing, query } from '../named.ts'
import { route } from '../route.ts'

export const repositoryCredentials = {
  list: route({
    id: 'repositoryCredentials.list',
    method: 'GET',
    path: '/api/v1/repocreds',
    summary: 'The addresses that there are credentials for',
    permission: 'repositories:get',
    query: query({ url: Text }),
    answer: RepositoryCredentialsList,
  }),
  create: route({
    id: 'repositoryCredentials.create',
    method: 'POST',
    path: '/api/v1/repocreds',
    summary: 'Add credentials; with `upsert`, change those that are there',
    permission: 'repositories:create',
    query: query({ upsert: Flag }),
    body: RepositoryCredentialsGiven,
    answer: RepositoryCredentials,
  }),
  update: route({
    id: 'repositoryCredentials.update',
    method: 'PUT',
    path: '/api/v1/repocreds/{url}',
    summary: 'Change credentials',
    permission: 'repositories:update',
    body: RepositoryCredentialsGiven,
    answer: RepositoryCredentials,
  }),
  delete: route({
    id: 'repositoryCredentials.delete',
    method: 'DELETE',
    path: '/api/v1/repocreds/{url}',
    summary: 'Forget credentials',
    permission: 'repositories:delete',
    answer: Nothing,
  }),
}

/** The same for the credentials that rendered manifests are pushed with. */
export const writeRepositoryCredentials = {
  list: route({
    ...repositoryCredentials.list,
    id: 'writeRepositoryCredentials.list',
    path: '/api/v1/write-repocreds',
    permission: 'write-repositories:get',
  }),
  create: route({
    ...repositoryCredentials.create,
    id: 'writeRepositoryCredentials.create',
    path: '/api/v1/write-repocreds',
    permission: 'write-repositories:create',
  }),
  update: route({
    ...repositoryCredentials.update,
    id: 'writeRepositoryCredentials.update',
    path: '/api/v1/write-repocreds/{url}',
    permission: 'write-repositories:update',
  }),
  delete: route({
    ...repositoryCredentials.delete,
    id: 'writeRepositoryCredentials.delete',
    path: '/api/v1/write-repocreds/{url}',
    permission: 'write-repositories:delete',
  }),
}

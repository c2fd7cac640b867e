/** Clusters: which there are and how Tiphys reaches them. */
import { Flag, Text } from '../../model/schema.ts'
import { Cluster, ClusterGiven, ClusterList } from '../connection-kinds.ts'
import { Names, Nothing, query } from '../named.ts'
import { route } from '../route.ts'

/** What the `id` of the path is: the address (`server`), the `name`, or the URL-encoded name (`name_escaped`). */
const idType = { 'id.type': Text }
const selection = { ...idType, server: Text, name: Text }

export const clusters = {
  list: route({
    id: 'clusters.list',
    method: 'GET',
    path: '/api/v1/clusters',
    summary: 'The clusters that the caller may see',
    permission: 'clusters:get',
    query: query({ ...selection, 'id.value': Text }),
    answer: ClusterList,
  }),
  create: route({
    id: 'clusters.create',
    method: 'POST',
    path: '/api/v1/clusters',
    summary: 'Register a cluster; with `upsert`, change the one that is there',
    permission: 'clusters:create',
    query: query({ upsert: Flag }),
    body: ClusterGiven,
    answer: Cluster,
  }),
  get: route({
    id: 'clusters.get',
    method: 'GET',
    path: '/api/v1/clusters/{id}',
    summary: 'One cluster, by its address or name',
    permission: 'clusters:get',
    query: query(selection),
    answer: Cluster,
  }),
  update: route({
    id: 'clusters.update',
    method: 'PUT',
    path: '/api/v1/clusters/{id}',
    summary: 'Change a cluster, or only its `updatedFields`',
    permission: 'clusters:update',
    query: query({ ...idType, updatedFields: Names }),
    body: ClusterGiven,
    answer: Cluster,
  }),
  delete: route({
    id: 'clusters.delete',
    method: 'DELETE',
    path: '/api/v1/clusters/{id}',
    summary: 'Forget a cluster; what runs there stays',
    permission: 'clusters:delete',
    query: query(selection),
    answer: Nothing,
  }),
  rotateAuth: route({
    id: 'clusters.rotateAuth',
    method: 'POST',
    path: '/api/v1/clusters/{id}/rotate-auth',
    summary: 'Exchange the token that a cluster is reached with',
    permission: 'clusters:update',
    query: query(idType),
    answer: Nothing,
  }),
  invalidateCache: route({
    id: 'clusters.invalidateCache',
    method: 'POST',
    path: '/api/v1/clusters/{id}/invalidate-cache',
    summary: 'Look at a cluster anew',
    permission: 'clusters:update',
    query: query(idType),
    answer: Cluster,
  }),
}

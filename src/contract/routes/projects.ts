/** Projects: what they permit, the tokens of their roles, and what belongs to them. */
import type { SyncWindow } from '../../model/index.ts'
import { Flag, Integer, Text, Type } from '../../model/schema.ts'
import { AppProject } from '../application-kinds.ts'
import { body, fields } from '../body.ts'
import { Cluster, Repository } from '../connection-kinds.ts'
import { EventList } from '../event-kinds.ts'
import { listOf, Nothing, named, query } from '../named.ts'
import { route } from '../route.ts'

const Detailed = named(
  'projectDetailedProjectsResponse',
  Type.Object({
    project: AppProject,
    globalProjects: Type.Array(AppProject),
    repositories: Type.Array(Repository),
    clusters: Type.Array(Cluster),
  }),
)
const GlobalProjects = named('projectGlobalProjectsResponse', Type.Object({ items: Type.Array(AppProject) }))
const SyncWindows = named(
  'projectSyncWindowsResponse',
  Type.Object({ windows: Type.Array(Type.Unsafe<SyncWindow>(named('v1alpha1SyncWindow', Type.Object({})))) }),
)
const Given = body('projectProjectUpdateRequest', { project: AppProject })

export const projects = {
  list: route({
    id: 'projects.list',
    method: 'GET',
    path: '/api/v1/projects',
    summary: 'The projects that the caller may see',
    permission: 'projects:get',
    query: query({ name: Text }),
    answer: listOf('v1alpha1AppProjectList', AppProject),
  }),
  create: route({
    id: 'projects.create',
    method: 'POST',
    path: '/api/v1/projects',
    summary: 'Create a project; with `upsert`, change the one that is there',
    permission: 'projects:create',
    body: body('projectProjectCreateRequest', { project: AppProject, upsert: Flag }),
    answer: AppProject,
  }),
  get: route({
    id: 'projects.get',
    method: 'GET',
    path: '/api/v1/projects/{name}',
    summary: 'One project',
    permission: 'projects:get',
    answer: AppProject,
  }),
  update: route({
    id: 'projects.update',
    method: 'PUT',
    path: '/api/v1/projects/{name}',
    summary: 'Change a project; refused when its applications would no longer be permitted',
    permission: 'projects:update',
    body: Given,
    answer: AppProject,
  }),
  delete: route({
    id: 'projects.delete',
    method: 'DELETE',
    path: '/api/v1/projects/{name}',
    summary: 'Delete a project that no application is in',
    permission: 'projects:delete',
    answer: Nothing,
  }),
  detailed: route({
    id: 'projects.detailed',
    method: 'GET',
    path: '/api/v1/projects/{name}/detailed',
    summary: 'A project with its global projects, repositories and clusters, without their credentials',
    permission: 'projects:get',
    answer: Detailed,
  }),
  events: route({
    id: 'projects.events',
    method: 'GET',
    path: '/api/v1/projects/{name}/events',
    summary: 'What has happened to a project',
    permission: 'projects:get',
    answer: EventList,
  }),
  globalProjects: route({
    id: 'projects.globalProjects',
    method: 'GET',
    path: '/api/v1/projects/{name}/globalprojects',
    summary: 'The projects whose rules count for this one too',
    permission: 'projects:get',
    answer: GlobalProjects,
  }),
  syncWindows: route({
    id: 'projects.syncWindows',
    method: 'GET',
    path: '/api/v1/projects/{name}/syncwindows',
    summary: 'The sync windows that are open now',
    permission: 'projects:get',
    answer: SyncWindows,
  }),
  createToken: route({
    id: 'projects.createToken',
    method: 'POST',
    path: '/api/v1/projects/{project}/roles/{role}/token',
    summary: 'A token for a role, for who may change the project or is in a group of the role',
    permission: 'projects:update',
    body: body('projectProjectTokenCreateRequest', { description: Text, expiresIn: Integer, id: Text }),
    answer: fields('projectProjectTokenResponse', { token: Text }),
  }),
  deleteToken: route({
    id: 'projects.deleteToken',
    method: 'DELETE',
    path: '/api/v1/projects/{project}/roles/{role}/token/{iat}',
    summary: 'A token of a role is no longer accepted',
    permission: 'projects:update',
    query: query({ id: Text }),
    answer: Nothing,
  }),
}

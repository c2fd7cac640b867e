/** Links out of the UI, as argocd-cm describes them. */
import { Type } from '../../model/schema.ts'
import { named, query } from '../named.ts'
import { route } from '../route.ts'
import { liveObject } from './application-resources.ts'
import { home } from './applications.ts'

const Link = Type.Object({
  title: Type.String(),
  url: Type.String(),
  description: Type.Optional(Type.String()),
  iconClass: Type.Optional(Type.String()),
})
const Links = named(
  'applicationLinksResponse',
  Type.Object({
    items: Type.Array(Link),
    /** What of argocd-cm could not be read. */
    errors: Type.Optional(Type.Array(Type.String())),
  }),
)

export const links = {
  ofApplication: route({
    id: 'links.ofApplication',
    method: 'GET',
    path: '/api/v1/applications/{name}/links',
    summary: 'The links of an application',
    permission: 'applications:get',
    query: query({ ...home, namespace: Type.String() }),
    answer: Links,
  }),
  ofResource: route({
    id: 'links.ofResource',
    method: 'GET',
    path: '/api/v1/applications/{name}/resource/links',
    summary: 'The links of an object in the tree of an application',
    permission: 'applications:get',
    query: query(liveObject),
    answer: Links,
  }),
  ofProject: route({
    id: 'links.ofProject',
    method: 'GET',
    path: '/api/v1/projects/{name}/links',
    summary: 'The links of a project',
    permission: 'projects:get',
    answer: Links,
  }),
}

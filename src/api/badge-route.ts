/** `GET /api/badge`: for pages elsewhere, without signing in; nothing is told where badges are not enabled. */
import type { FastifyInstance } from 'fastify'
import { instanceName } from '../model/index.ts'
import { answerBadge, badgeHeaders } from './badge.ts'
import type { Services } from './services.ts'

export function serveBadge(app: FastifyInstance, { controlPlane }: Pick<Services, 'controlPlane'>): void {
  const home = controlPlane.namespace
  const inNamespace = (namespace: string | undefined) => {
    const all = controlPlane.applications()
    return namespace ? all.filter(({ metadata }) => (metadata.namespace ?? home) === namespace) : all
  }
  const applications = {
    serves: (namespace: string) => namespace === home || inNamespace(namespace).length > 0,
    find: (name: string, namespace = home) =>
      controlPlane.application(instanceName({ metadata: { name, namespace } }, home)),
    ofProjects: (projects: string[], namespace: string | undefined) =>
      inNamespace(namespace).filter(({ spec }) => projects.includes(spec.project)),
  }
  app.get('/api/badge', (request, reply) => {
    const query = new URL(request.url, 'http://badge').searchParams
    const { status, svg } = answerBadge(query, applications, controlPlane.settings())
    return reply.code(status).headers(badgeHeaders).send(svg)
  })
}

/** Links out of the UI, for who may see what they are about. */
import { routes } from '../contract/index.ts'
import { maskSecretsAnd } from '../diff/index.ts'
import type { Application } from '../model/index.ts'
import { clusterFor } from '../reconcile/stages.ts'
import { findApplication } from './applications/find-application.ts'
import { observedApplications } from './applications/observed-application.ts'
import { treeObject } from './applications/tree-object.ts'
import { deepLinks, type LinkSubjects } from './deep-links.ts'
import { type Handler, handler } from './handler.ts'
import { findProject } from './projects/find-project.ts'
import type { Services } from './services.ts'

export function linkHandlers(services: Services): Handler[] {
  const { controlPlane, stages } = services
  const applications = observedApplications(services)

  function subjectsOf(application: Application): LinkSubjects {
    const project = controlPlane.project(application.spec.project)
    const cluster = clusterFor(application.spec.destination ?? {}, stages.clusters)
    return {
      application,
      ...(project && { project }),
      ...(cluster && { cluster: { server: cluster.server, name: cluster.name } }),
    }
  }

  return [
    handler(routes.links.ofApplication, async (call) => {
      const { namespace, appNamespace = namespace, project } = call.query
      const named = { name: call.params.name, appNamespace, project }
      const application = findApplication(call, named, { controlPlane, action: 'get' })
      return deepLinks('application', controlPlane.settings(), subjectsOf(application))
    }),
    handler(routes.links.ofResource, async (call) => {
      const { group = '', kind = '', namespace = '', resourceName = '', version } = call.query
      const found = await applications.observed(call, call.params.name)
      const { cluster, live } = await treeObject(found, { group, kind, namespace, name: resourceName }, stages)
      const object = await cluster.live.read(live.key, { version: version || undefined, signal: call.signal })
      const [resource] = maskSecretsAnd(stages.settings.diff.maskedAnnotations, object)
      return deepLinks('resource', controlPlane.settings(), {
        ...subjectsOf(found.application),
        ...(resource && { resource }),
      })
    }),
    handler(routes.links.ofProject, async (call) => {
      const project = findProject(call, call.params.name, { controlPlane, action: 'get' })
      return deepLinks('project', controlPlane.settings(), { project })
    }),
  ]
}

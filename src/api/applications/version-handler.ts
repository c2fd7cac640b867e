/** Which versions of its sources an application runs, may run, and could. */
import { routes } from '../../contract/index.ts'
import { missingProject, projectOf } from '../../reconcile/project.ts'
import { sourceVersions } from '../../reconcile/source-versions.ts'
import { ApiError } from '../api-error.ts'
import { type Handler, handler } from '../handler.ts'
import { shownUrl } from '../repositories/repository-url.ts'
import type { Services } from '../services.ts'
import { observedApplications } from './observed-application.ts'

export function applicationVersionHandlers(services: Services): Handler[] {
  const { stages } = services
  const applications = observedApplications(services)

  return [
    handler(routes.applicationSources.versions, async (call) => {
      const application = applications.find(call, call.params.name)
      const project = projectOf(application, stages)
      if (!project) throw new ApiError('FailedPrecondition', missingProject(application))
      const request = { application, project, refresh: call.query.refresh ?? false, signal: call.signal }
      const found = await sourceVersions(request, stages)
      return {
        items: found.map(({ source: { repoURL, chart, targetRevision = '' }, ...version }) => ({
          repoURL: shownUrl(repoURL),
          ...(chart !== undefined && { chart }),
          targetRevision,
          ...version,
        })),
      }
    }),
  ]
}

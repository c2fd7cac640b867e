/** Which images an application runs, by which rules they are updated, and what became of that. */
import { routes } from '../../contract/index.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { observedApplications } from './observed-application.ts'

export function applicationImageHandlers(services: Services): Handler[] {
  const applications = observedApplications(services)

  return [
    handler(routes.applicationSources.images, (call) => {
      const application = applications.find(call, call.params.name)
      return services.images.imagesOf(application, { ask: call.query.updates ?? false })
    }),
  ]
}

/** Which images an application runs, and which its rules would have it run. */
import { routes } from '../../contract/index.ts'
import { imageRows } from '../../image/index.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { observedApplications } from './observed-application.ts'

export function applicationImageHandlers(services: Services): Handler[] {
  const applications = observedApplications(services)

  return [
    handler(routes.applicationSources.images, async (call) => {
      const application = applications.find(call, call.params.name)
      if (!call.query.updates) return { items: imageRows(application), problems: [] }
      const preview = await services.images.preview(application)
      const none = 'nothing asks for updates of its images: see image-list, or an ImageUpdater'
      return { items: imageRows(application, preview?.images), problems: preview?.problems ?? [none] }
    }),
  ]
}

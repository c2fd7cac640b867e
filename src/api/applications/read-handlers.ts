/** Reading Applications. */
import { routes } from '../../contract/index.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { findApplication, questionOf } from './find-application.ts'

export function applicationReadHandlers({ controlPlane }: Services): Handler[] {
  return [
    handler(routes.applications.list, async (call) => {
      const items = controlPlane
        .applications()
        .filter((application) => call.may(questionOf(application, 'get', controlPlane.namespace)))
      return { metadata: {}, items }
    }),
    handler(routes.applications.get, async (call) =>
      findApplication(call, { ...call.query, ...call.params }, { controlPlane, action: 'get' }),
    ),
  ]
}

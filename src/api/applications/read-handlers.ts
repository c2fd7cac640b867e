/** Reading Applications. */
import type { Handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { openApplicationTexts } from './application-texts.ts'
import { seeingApplications } from './find-application.ts'
import { applicationImageHandlers } from './image-handler.ts'
import { applicationListHandlers } from './list-handlers.ts'
import { applicationLogHandlers } from './logs/log-handlers.ts'
import { applicationResourceReadHandlers } from './resource-read-handlers.ts'
import { applicationRevisionHandlers } from './revision-handlers.ts'
import { applicationSourceHandlers } from './source-handlers.ts'
import { applicationStreamHandlers } from './stream-handlers.ts'
import { applicationVersionHandlers } from './version-handler.ts'

export function applicationReadHandlers(services: Services): Handler[] {
  const context = { texts: openApplicationTexts(), seeing: seeingApplications(services.controlPlane.namespace) }
  return [
    ...applicationListHandlers(services, context),
    ...applicationResourceReadHandlers(services),
    ...applicationSourceHandlers(services),
    ...applicationRevisionHandlers(services),
    ...applicationVersionHandlers(services),
    ...applicationImageHandlers(services),
    ...applicationStreamHandlers(services, context),
    ...applicationLogHandlers(services),
  ]
}

/** Everything that serves the routes of the contract. */
import { applicationActionHandlers } from './applications/action-handlers.ts'
import { applicationOperationHandlers } from './applications/operation-handlers.ts'
import { applicationReadHandlers } from './applications/read-handlers.ts'
import { applicationResourceHandlers } from './applications/resource-handlers.ts'
import { applicationWriteHandlers } from './applications/write-handlers.ts'
import type { Handler } from './handler.ts'
import type { Services } from './services.ts'
import { sessionHandlers } from './session/session-handlers.ts'
import { versionHandlers } from './version-handlers.ts'

export function allHandlers(services: Services): Handler[] {
  return [
    sessionHandlers,
    versionHandlers,
    applicationReadHandlers,
    applicationWriteHandlers,
    applicationOperationHandlers,
    applicationResourceHandlers,
    applicationActionHandlers,
  ].flatMap((of) => of(services))
}

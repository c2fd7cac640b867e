/** Everything that serves the routes of the contract. */
import { applicationReadHandlers } from './applications/read-handlers.ts'
import type { Handler } from './handler.ts'
import type { Services } from './services.ts'
import { sessionHandlers } from './session/session-handlers.ts'
import { versionHandlers } from './version-handlers.ts'

export function allHandlers(services: Services): Handler[] {
  return [sessionHandlers, versionHandlers, applicationReadHandlers].flatMap((of) => of(services))
}

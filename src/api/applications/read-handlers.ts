/** Reading Applications. */
import type { Handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { openApplicationTexts } from './application-texts.ts'
import { applicationListHandlers } from './list-handlers.ts'
import { applicationResourceHandlers } from './resource-handlers.ts'
import { applicationRevisionHandlers } from './revision-handlers.ts'
import { applicationSourceHandlers } from './source-handlers.ts'

export function applicationReadHandlers(services: Services): Handler[] {
  const texts = openApplicationTexts()
  return [
    ...applicationListHandlers(services, texts),
    ...applicationResourceHandlers(services),
    ...applicationSourceHandlers(services),
    ...applicationRevisionHandlers(services),
  ]
}

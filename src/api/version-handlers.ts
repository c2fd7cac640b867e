/** Which Tiphys this is. */
import { routes } from '../contract/index.ts'
import { type Handler, handler } from './handler.ts'
import type { Services } from './services.ts'

export function versionHandlers({ version }: Services): Handler[] {
  return [
    handler(routes.version.get, async ({ caller }) =>
      caller.kind === 'anonymous'
        ? { Version: version }
        : { Version: version, Platform: `${process.platform}/${process.arch}` },
    ),
  ]
}

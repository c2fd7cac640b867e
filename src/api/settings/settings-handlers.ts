/** The settings of the installation, as far as clients have to know them. */
import { routes } from '../../contract/index.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { privateSettings, publicSettings } from './public-settings.ts'

export function settingsHandlers({ controlPlane, access, oidc }: Services): Handler[] {
  return [
    handler(routes.settings.get, async ({ caller }) => {
      const settings = controlPlane.settings()
      const hasPasswords = [...access.accounts().values()].some(
        ({ enabled, capabilities }) => enabled && capabilities.includes('login'),
      )
      const parameters = controlPlane.settings('argocd-cmd-params-cm')
      const open = publicSettings({ settings, parameters, hasPasswords, oidc: oidc.config() })
      if (caller.kind === 'anonymous') return open
      return { ...open, ...privateSettings(settings, controlPlane.namespace) }
    }),
    // Manifests are rendered without plugins so far.
    handler(routes.settings.plugins, async () => ({ plugins: [] })),
  ]
}

/** The API with all it takes: single sign-on, who may do what, the server. */
import { AccountService, ProjectTokenService } from '../access/index.ts'
import { openOidc, ssoWarnings } from '../access/oidc/index.ts'
import type { Services } from '../api/services.ts'
import { close, type Opened } from '../process/opened.ts'
import { packageVersion } from '../process/package-file.ts'
import type { Listeners } from './control-plane-news.ts'
import { openAccessOf } from './open-access.ts'
import { type OpenServer, openServer, type ServerPlace } from './open-server.ts'
import { parametersMap } from './settings-in-use.ts'

/** What is there without the API. */
export type Engine = Omit<Services, 'access' | 'accounts' | 'oidc' | 'projectTokens' | 'version'>

export interface ApiInputs extends ServerPlace {
  engine: Engine
  env: Record<string, string | undefined>
  problems(): string[]
  opened: Opened
  listeners: Listeners
}

export async function openApi({ engine, env, problems, opened, listeners, ...place }: ApiInputs): Promise<OpenServer> {
  const { controlPlane, client, log } = engine
  const { settings, storedSecret } = controlPlane
  const oidc = opened.keep(openOidc({ settings, readSecret: storedSecret, now: () => Date.now() }), close)
  for (const warning of ssoWarnings(settings(), storedSecret)) log.warn({}, warning)
  const verifyExternal = (token: string) => oidc.verify(token)
  const access = opened.keep(await openAccessOf({ client, controlPlane, env, log, verifyExternal }), close)
  listeners.access = access
  const services: Services = {
    ...engine,
    access,
    accounts: new AccountService(access),
    oidc,
    projectTokens: new ProjectTokenService(access),
    version: packageVersion(),
  }
  const insecure = place.insecure || settings(parametersMap)['server.insecure'] === 'true'
  const server = opened.keep(await openServer({ ...place, insecure, services, problems }), close)
  listeners.server = server
  return server
}

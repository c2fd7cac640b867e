/** Settings that point at a provider, and somebody who signs in there. */
import { type Oidc, openOidc, type ProviderDoor, type SsoSession } from '../src/access/oidc/index.ts'
import type { KubeObject } from '../src/model/index.ts'
import { openBrowser } from './browser.ts'
import { clientSecret } from './identity-provider.ts'

export const ourUrl = 'https://tiphys.example.com'

export const alice = { sub: 'alice', name: 'Alice', email: 'alice@example.com', groups: ['admins', 'staff'] }

export function secretOf(
  name: string,
  values: Record<string, string>,
  labels: Record<string, string> = {},
): KubeObject {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, data: Object.fromEntries(data) }
}

export const ourSecret = secretOf('argocd-secret', { 'server.secretkey': 'server key', 'oidc.secret': clientSecret })

export interface Installation {
  oidc: Oidc
  /** argocd-cm; may be changed. */
  settings: Record<string, string>
  clock: { now: number }
}

export interface InstallationOptions {
  issuer: string
  /** Laid over oidc.config. */
  config?: Record<string, unknown>
  openDoor?: () => ProviderDoor
}

export function openInstallation({ issuer, config, openDoor }: InstallationOptions): Installation {
  const clock = { now: Date.now() }
  const settings: Record<string, string> = { url: ourUrl }
  const written = { name: 'Test', issuer, clientID: 'tiphys', clientSecret: '$oidc.secret', cliClientID: 'tiphys-cli' }
  settings['oidc.config'] = JSON.stringify({ ...written, ...config })
  const oidc = openOidc({
    settings: () => settings,
    readSecret: (name) => (name === 'argocd-secret' ? ourSecret : undefined),
    now: () => clock.now,
    ...(openDoor && { openDoor }),
  })
  return { oidc, settings, clock }
}

/** Up to the point where the provider sends the browser back. */
export async function untilCallback({ oidc }: Installation): Promise<{ query: URLSearchParams; begun: string }> {
  const { url, begun } = await oidc.connection().startLogin({ host: undefined, returnUrl: undefined })
  const { url: end } = await openBrowser().open(url, { until: (next) => next.startsWith(ourUrl) })
  return { query: new URL(end).searchParams, begun }
}

export async function signIn(installation: Installation): Promise<SsoSession> {
  return installation.oidc.connection().finishLogin(await untilCallback(installation))
}

/** Signing in: by name and password, or through a provider. */
import { spawn } from 'node:child_process'
import { type ApiClient, routes } from '../../contract/index.ts'
import { CommandError } from '../exit-code.ts'
import type { Prompt } from '../prompt.ts'
import type { UserEntry } from '../server/logins.ts'

export interface SignInFlags {
  username?: string
  password?: string
  sso?: boolean
  ssoPort: number
  ssoLaunchBrowser: boolean
}

type Tokens = Omit<UserEntry, 'name'>

export async function signIn(api: ApiClient, flags: SignInFlags, prompt: Prompt): Promise<Tokens> {
  if (flags.sso) return signInThroughProvider(api, flags)
  const username = flags.username ?? (await prompt.ask('Name: '))
  const password = flags.password ?? (await prompt.askSecret('Password: '))
  const { token } = await api.call(routes.session.create, { body: { username, password } })
  return { 'auth-token': token }
}

const patienceMs = 300_000

async function signInThroughProvider(api: ApiClient, { ssoPort, ssoLaunchBrowser }: SignInFlags): Promise<Tokens> {
  const { oidcConfig } = await api.call(routes.settings.get, {})
  const { issuer, clientID } = oidcConfig ?? {}
  if (!issuer || !clientID) {
    throw new CommandError('this installation has no provider to sign in through: leave --sso out')
  }
  // Loaded only here: nothing else needs the library.
  const { loginWithBrowser } = await import('../sso-login.ts')
  const { name = '', scopes = [], cliClientID, idTokenClaims } = oidcConfig ?? {}
  const { idToken, refreshToken } = await loginWithBrowser({
    settings: {
      name,
      issuer,
      clientID,
      scopes,
      enablePKCEAuthentication: true,
      ...(cliClientID && { cliClientID }),
      ...(idTokenClaims && { idTokenClaims: idTokenClaims as never }),
    },
    openBrowser: (url) => openBrowser(url, ssoLaunchBrowser),
    port: ssoPort,
    signal: AbortSignal.timeout(patienceMs),
  })
  return { 'auth-token': idToken, ...(refreshToken && { 'refresh-token': refreshToken }) }
}

const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** The address is printed in any case: there may be no browser, or the wrong one. */
function openBrowser(url: string, launch: boolean): void {
  process.stderr.write(`Sign in at:\n${url}\n`)
  if (!launch || !/^https?:\/\//.test(url)) return
  const [program, ...words] = openers[process.platform] ?? ['xdg-open']
  const browser = spawn(program, [...words, url], { stdio: 'ignore', detached: true })
  browser.once('error', () => {})
  browser.unref()
}

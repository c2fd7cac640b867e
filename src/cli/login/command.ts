/** `tiphys login|relogin|logout|context`: with which server, and as whom. */
import type { Command } from 'commander'
import { Command as NewCommand, Option } from 'commander'
import { ApiFailure } from '../../contract/client.ts'
import { routes } from '../../contract/index.ts'
import { messageOf } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { type OutputFormat, parseOutputFormat, printListing } from '../output.ts'
import { withPrompt } from '../prompt.ts'
import { addServerFlags, type ServerFlags } from '../server/flags.ts'
import { readLogins, writeLogins } from '../server/login-file.ts'
import {
  type ContextEntry,
  type Login,
  type Logins,
  loginNamed,
  withLogin,
  withoutContext,
  withoutToken,
} from '../server/logins.ts'
import { readAddress, serverOf } from '../server/place.ts'
import { atServer } from '../server/with-server.ts'
import { wholeNumber } from '../words.ts'
import { checkedTls } from './check-tls.ts'
import { nameIn } from './session-claims.ts'
import { type SignInFlags, signIn } from './sign-in.ts'

const say = (text: string) => void process.stdout.write(`${text}\n`)

function addSignInFlags(command: Command): Command {
  return addServerFlags(command)
    .option('--password <password>', 'asked for without it')
    .option('--sso-port <port>', 'of this machine, which the browser comes back to', wholeNumber, 8085)
    .addOption(
      new Option('--sso-launch-browser [true]', 'open a browser').default(true).argParser((text) => text !== 'false'),
    )
    .option('--no-sso-launch-browser', 'only print the address to open')
}

interface LoginFlags extends SignInFlags, ServerFlags {
  name?: string
  skipTestTls?: boolean
  core?: boolean
}

export function loginCommand(): Command {
  return addSignInFlags(new NewCommand('login').argument('[server]', 'address of its API, such as tiphys.example.com'))
    .option('--name <name>', 'of the login; the address without it')
    .option('--username <name>', 'asked for without it')
    .option('--sso', 'through the provider of the installation, with a browser')
    .option('--skip-test-tls', 'do not look at the certificate first')
    .option('--core', 'no server: commands go straight to the cluster')
    .action(async (address: string | undefined, flags: LoginFlags) => {
      const file = await readLogins(flags.config)
      const wanted = address ?? flags.server
      if (flags.core)
        return save(file, {
          name: flags.name ?? 'kubernetes',
          server: { server: 'kubernetes', core: true },
          user: { name: 'kubernetes' },
        })
      if (!wanted)
        throw new CommandError('name the server: "tiphys login tiphys.example.com"', { code: exitCode.usage })
      const { server } = readAddress(wanted)
      const login = await withPrompt(async (prompt) => {
        // What a login of before has agreed to is asked again.
        const place = serverOf(
          { ...flags, server: wanted },
          { env: {}, logins: { ...file.logins, contexts: [], servers: [] } },
        )
        if (place?.kind !== 'server') throw new CommandError(`${wanted} is no server`)
        const entry = flags.skipTestTls ? place.entry : await checkedTls(place.entry, flags, prompt)
        const tokens = await atServer({ ...place, entry }, flags, (api) => signIn(api, flags, prompt))
        const name = flags.name ?? server
        const kept = { ...entry, ...(await keptCertificates(flags)) }
        return { name, server: kept, user: { name, ...tokens } }
      })
      say(`${nameIn(login.user['auth-token'])} is signed in`)
      await save(file, login)
    })
}

/** Given once, they count for every command that follows. */
async function keptCertificates(flags: ServerFlags) {
  const { readPem } = await import('../server/transport.ts')
  const encoded = async (path: string | undefined) => {
    const text = await readPem(path)
    return text === undefined ? undefined : Buffer.from(text).toString('base64')
  }
  const [ca, cert, key] = await Promise.all([flags.serverCrt, flags.clientCrt, flags.clientCrtKey].map(encoded))
  return {
    ...(ca && { 'certificate-authority-data': ca }),
    ...(cert && { 'client-certificate-data': cert }),
    ...(key && { 'client-certificate-key-data': key }),
  }
}

async function save({ path, logins }: { path: string; logins: Logins }, login: Login): Promise<void> {
  await writeLogins(path, withLogin(logins, login))
  say(`login ${login.name} is in use`)
}

export function reloginCommand(): Command {
  return addSignInFlags(new NewCommand('relogin')).action(async (flags: SignInFlags & ServerFlags) => {
    const file = await readLogins(flags.config)
    const place = serverOf(flags, { env: {}, logins: file.logins })
    if (place?.kind !== 'server' || !place.login) {
      throw new CommandError('there is no login to renew: use "tiphys login ADDRESS"', { code: exitCode.usage })
    }
    const { login } = place
    const token = login.user['auth-token']
    const { isExternal, name } = await import('./session-claims.ts').then(({ readClaims }) => readClaims(token))
    const how = isExternal ? { ...flags, sso: true } : { ...flags, ...(name && { username: name }) }
    const tokens = await withPrompt((prompt) =>
      atServer({ ...place, token: '' }, flags, (api) => signIn(api, how, prompt)),
    )
    await save(file, { ...login, user: { name: login.user.name, ...tokens } })
  })
}

export function logoutCommand(): Command {
  return addServerFlags(new NewCommand('logout').argument('[name]', 'of the login; the one in use without it')).action(
    async (name: string | undefined, flags: ServerFlags) => {
      const file = await readLogins(flags.config)
      const chosen = name ?? flags.argocdContext ?? file.logins['current-context']
      const login = loginNamed(file.logins, chosen)
      if (!login) throw new CommandError(`there is no login ${chosen || 'in use'}`, { code: exitCode.usage })
      const token = login.user['auth-token']
      // First here: a server that is away keeps nobody signed in.
      await writeLogins(file.path, withoutToken(file.logins, login.user.name))
      if (token && !login.server.core) await endSession(login, token, flags)
      say(`login ${login.name} has no token any more`)
    },
  )
}

async function endSession(login: Login, token: string, flags: ServerFlags): Promise<void> {
  const place = {
    kind: 'server',
    entry: { ...login.server, ...(flags.insecure && { insecure: true }) },
    token,
    login,
  } as const
  try {
    await atServer(place, flags, (api) => api.call(routes.session.end, {}))
  } catch (error) {
    const cause = (error as Error).cause
    if (cause instanceof ApiFailure && cause.status === 401) return
    process.stderr.write(
      `warning: the server could not be told, so the token counts until it expires: ${messageOf(error)}\n`,
    )
  }
}

export function contextCommand(): Command {
  return new NewCommand('context')
    .argument('[name]', 'of the login to use; without it they are listed')
    .option('--delete', 'forget it instead')
    .option('--config <file>', 'file with the logins; otherwise ~/.config/tiphys/config')
    .addOption(
      new Option('-o, --output <format>', 'json, yaml, wide or name').default('table').argParser(parseOutputFormat),
    )
    .action(async (name: string | undefined, flags: { delete?: boolean; config?: string; output: OutputFormat }) => {
      const { path, logins } = await readLogins(flags.config)
      if (name === undefined) return void process.stdout.write(listing(logins, flags.output))
      if (!logins.contexts.some((context) => context.name === name)) {
        const known = logins.contexts.map((context) => context.name).join(', ') || 'none'
        throw new CommandError(`there is no login ${name}; there are: ${known}`, { code: exitCode.usage })
      }
      await writeLogins(path, flags.delete ? withoutContext(logins, name) : { ...logins, 'current-context': name })
      say(flags.delete ? `login ${name} is forgotten` : `login ${name} is in use`)
    })
}

/** Without tokens. */
function listing(logins: Logins, output: OutputFormat): string {
  const isCurrent = ({ name }: ContextEntry) => name === logins['current-context']
  return printListing(
    {
      rows: logins.contexts,
      document: logins.contexts.map((context) => ({ ...context, current: isCurrent(context) })),
      name: ({ name }) => name,
      columns: [
        { title: 'CURRENT', cell: (context) => (isCurrent(context) ? '*' : '') },
        { title: 'NAME', cell: ({ name }) => name },
        { title: 'SERVER', cell: ({ server }) => server },
      ],
    },
    output,
  )
}

/** `tiphys account …`: accounts, their passwords and tokens, and what one may do. */
import { Command } from 'commander'
import type { ApiClient } from '../contract/client.ts'
import { type AnswerOf, routes } from '../contract/index.ts'
import { CommandError, exitCode } from './exit-code.ts'
import { type Listing, printJson, printListing, printYaml } from './output.ts'
import { withPrompt } from './prompt.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from './server/command.ts'
import { expiryText, secondsOf, timeText } from './token-time.ts'

type Account = AnswerOf<typeof routes.accounts.get>

export function accountCommand(): Command {
  const account = new Command('account')
  const commands = [
    list(),
    get(),
    userInfo(),
    canI(),
    updatePassword(),
    generateToken(),
    deleteToken(),
    sessionToken(),
    bcrypt(),
  ]
  for (const child of commands) account.addCommand(child)
  return account
}

async function ownName(api: ApiClient): Promise<string> {
  const { username } = await api.call(routes.session.userInfo, {})
  if (username) return username
  throw new CommandError('nobody is signed in: use "tiphys login ADDRESS", or say which with --account')
}

function listing(rows: Account[]): Listing<Account> {
  return {
    rows,
    document: rows,
    name: ({ name = '' }) => name,
    columns: [
      { title: 'NAME', cell: ({ name = '' }) => name },
      { title: 'ENABLED', cell: ({ enabled }) => String(enabled === true) },
      { title: 'CAPABILITIES', cell: ({ capabilities = [] }) => capabilities.join(', ') },
    ],
  }
}

function list(): Command {
  return apiCommand('list', 'list accounts')
    .alias('ls')
    .addOption(outputOption())
    .action(async (flags: OutputFlags) => {
      const { items } = await withApi(flags, (api) => api.call(routes.accounts.list, {}))
      print(printListing(listing(items), flags.output))
    })
}

function get(): Command {
  return apiCommand('get', 'show an account and its tokens')
    .option('-a, --account <name>', "one's own without it")
    .addOption(outputOption())
    .action(async (flags: OutputFlags & { account?: string }) => {
      const account = await withApi(flags, async (api) =>
        api.call(routes.accounts.get, { params: { name: flags.account ?? (await ownName(api)) } }),
      )
      if (flags.output !== 'table' && flags.output !== 'wide') {
        return print(printListing({ ...listing([account]), document: account }, flags.output))
      }
      print(printListing(listing([account]), flags.output))
      const rows = account.tokens ?? []
      const columns = [
        { title: 'TOKEN', cell: ({ id = '' }: (typeof rows)[number]) => id },
        { title: 'ISSUED', cell: ({ issuedAt }: (typeof rows)[number]) => timeText(issuedAt) },
        { title: 'EXPIRES', cell: ({ expiresAt }: (typeof rows)[number]) => expiryText(expiresAt) },
      ]
      if (rows.length > 0) print(`\n${printListing({ rows, columns, document: rows, name: () => '' }, 'table')}`)
    })
}

function userInfo(): Command {
  return apiCommand('get-user-info', 'who is signed in')
    .addOption(outputOption())
    .action(async (flags: OutputFlags) => {
      const info = await withApi(flags, (api) => api.call(routes.session.userInfo, {}))
      if (flags.output === 'json') return print(printJson(info))
      if (flags.output === 'yaml') return print(printYaml(info))
      if (flags.output === 'name') return say(info.username ?? '')
      const { loggedIn = false, username = '', iss = '', groups = [] } = info
      say(`signed in: ${loggedIn ? 'yes' : 'no'}`)
      if (loggedIn) say(`name:      ${username}\nissuer:    ${iss}\ngroups:    ${groups.join(', ')}`)
    })
}

function canI(): Command {
  return apiCommand('can-i', 'whether one may do it: yes or no')
    .argument('<action>', 'such as get, sync or update')
    .argument('<resource>', 'such as applications')
    .argument('<object>', 'such as default/shop; * is a wildcard')
    .action(async (action: string, resource: string, subresource: string, flags: ApiFlags) => {
      const params = { action, resource, subresource }
      say((await withApi(flags, (api) => api.call(routes.accounts.canI, { params }))).value)
    })
}

interface PasswordFlags extends ApiFlags {
  account?: string
  currentPassword?: string
  newPassword?: string
}

function updatePassword(): Command {
  return apiCommand('update-password', 'give an account another password')
    .option('--account <name>', "one's own without it")
    .option('--current-password <password>', 'of who is signed in; asked for without it')
    .option('--new-password <password>', 'asked for without it')
    .action(async (flags: PasswordFlags) => {
      const { account, current, next } = await withPrompt(async (prompt) => {
        const current = flags.currentPassword ?? (await prompt.askSecret('Your password as it is: '))
        const next = flags.newPassword ?? (await prompt.askSecret('New password: '))
        const again = flags.newPassword ?? (await prompt.askSecret('New password once more: '))
        if (next !== again) throw new CommandError('the two are not the same: nothing has been changed')
        return { account: flags.account, current, next }
      })
      await withApi(flags, async (api) => {
        const body = { name: account ?? (await ownName(api)), currentPassword: current, newPassword: next }
        await api.call(routes.accounts.updatePassword, { body })
      })
      say('the password is changed: sessions of before count no more ("tiphys relogin" makes a new one)')
    })
}

interface TokenFlags extends ApiFlags {
  account?: string
  expiresIn: string
  id?: string
}

function generateToken(): Command {
  return apiCommand('generate-token', 'make a token that stands for an account; it is shown only now')
    .option('-a, --account <name>', "one's own without it")
    .option('-e, --expires-in <duration>', 'such as 12h or 7d; 0s: never', '0s')
    .option('--id <id>', 'of the token; by chance without it')
    .action(async (flags: TokenFlags) => {
      const body = { expiresIn: secondsOf(flags.expiresIn), ...(flags.id && { id: flags.id }) }
      const { token } = await withApi(flags, async (api) =>
        api.call(routes.accounts.createToken, { params: { name: flags.account ?? (await ownName(api)) }, body }),
      )
      say(token)
    })
}

function deleteToken(): Command {
  return apiCommand('delete-token', 'a token of an account is no longer accepted')
    .argument('<id>')
    .option('-a, --account <name>', "one's own without it")
    .action(async (id: string, flags: ApiFlags & { account?: string }) => {
      await withApi(flags, async (api) => {
        const name = flags.account ?? (await ownName(api))
        await api.call(routes.accounts.deleteToken, { params: { name, id } })
      })
      say(`token ${id} deleted`)
    })
}

function sessionToken(): Command {
  return apiCommand('session-token', 'print the token of the login, for scripts').action(async (flags: ApiFlags) => {
    const { withServer } = await import('./server/with-server.ts')
    const token = await withServer(flags, async (_api, place) => place.token)
    if (!token) throw new CommandError('nobody is signed in: use "tiphys login ADDRESS"')
    say(token)
  })
}

function bcrypt(): Command {
  return new Command('bcrypt')
    .description('print the hash of a password, as argocd-secret keeps it')
    .option('--password <password>', 'asked for without it')
    .action(async (flags: { password?: string }) => {
      const password = flags.password ?? (await withPrompt((prompt) => prompt.askSecret('Password: ')))
      if (password === '' || Buffer.byteLength(password) > 72) {
        throw new CommandError('a password has 1 to 72 bytes', { code: exitCode.usage })
      }
      // Loaded only here.
      const { hash } = await import('bcryptjs')
      say(await hash(password, 10))
    })
}

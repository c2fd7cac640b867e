/** `tiphys proj role …`: roles of projects, their policies, groups and tokens. */
import { Command, Option } from 'commander'
import { routes } from '../../contract/index.ts'
import type { AppProject, AppProjectSpec } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { type Listing, printListing } from '../output.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from '../server/command.ts'
import { expiryText, secondsOf, timeText } from '../token-time.ts'
import { changeCommand, type Given, type SpecChange } from './change.ts'

type Role = NonNullable<AppProjectSpec['roles']>[number]

export function roleCommand(): Command {
  const role = new Command('role').description('roles of a project, their policies, groups and tokens')
  for (const child of [list(), get(), ...changes.map(changeCommand), createToken(), listTokens(), deleteToken()]) {
    role.addCommand(child)
  }
  return role
}

export function roleOf(spec: AppProjectSpec, name: string): Role {
  const role = spec.roles?.find((one) => one.name === name)
  if (role) return role
  const known = spec.roles?.map((one) => one.name).join(', ') || 'none'
  throw new CommandError(`the project has no role ${name}; there are: ${known}`)
}

function withRole(spec: AppProjectSpec, name: string, change: (role: Role) => Role): AppProjectSpec {
  const before = roleOf(spec, name)
  const after = change(before)
  return after === before ? spec : { ...spec, roles: spec.roles?.map((role) => (role === before ? after : role)) }
}

function addPolicyFlags(command: Command): Command {
  return command
    .requiredOption('-a, --action <action>', 'such as get, sync or update')
    .requiredOption('-o, --object <object>', 'within the project; * is a wildcard')
    .option('-r, --resource <resource>', 'such as applications, logs or exec', 'applications')
    .addOption(
      new Option('-p, --permission <permission>', 'what the policy says').choices(['allow', 'deny']).default('allow'),
    )
}

export function policyOf({ project, args: [role = ''], flags }: Given): string {
  const { resource, action, object, permission } = flags
  return `p, proj:${project}:${role}, ${resource}, ${action}, ${project}/${object}, ${permission}`
}

export const changes: SpecChange[] = [
  {
    name: 'create',
    description: 'make a role',
    args: ['<role>'],
    flags: (command) => command.option('--description <text>', 'what it is for'),
    apply(spec, { args: [name = ''], flags }) {
      if (spec.roles?.some((role) => role.name === name)) return spec
      const role = { name, ...(flags.description && { description: flags.description }) }
      return { ...spec, roles: [...(spec.roles ?? []), role] }
    },
  },
  {
    name: 'delete',
    description: 'delete a role: its tokens count no more',
    args: ['<role>'],
    apply: (spec, { args: [name = ''] }) => {
      const { name: known } = roleOf(spec, name)
      return { ...spec, roles: spec.roles?.filter((role) => role.name !== known) }
    },
  },
  {
    name: 'add-policy',
    description: 'permit or forbid something to a role',
    args: ['<role>'],
    flags: addPolicyFlags,
    apply: (spec, given) =>
      withRole(spec, given.args[0] ?? '', (role) => {
        const policy = policyOf(given)
        return role.policies?.includes(policy) ? role : { ...role, policies: [...(role.policies ?? []), policy] }
      }),
  },
  {
    name: 'remove-policy',
    description: 'take a policy of a role back',
    args: ['<role>'],
    flags: addPolicyFlags,
    apply: (spec, given) =>
      withRole(spec, given.args[0] ?? '', (role) => {
        const policy = policyOf(given)
        if (!role.policies?.includes(policy)) throw new CommandError(`the role has no policy "${policy}"`)
        return { ...role, policies: role.policies.filter((one) => one !== policy) }
      }),
  },
  {
    name: 'add-group',
    description: 'give a role to the members of a group',
    args: ['<role>', '<group>'],
    apply: (spec, { args: [name = '', group = ''] }) =>
      withRole(spec, name, (role) =>
        role.groups?.includes(group) ? role : { ...role, groups: [...(role.groups ?? []), group] },
      ),
  },
  {
    name: 'remove-group',
    description: 'take a role from the members of a group',
    args: ['<role>', '<group>'],
    apply: (spec, { args: [name = '', group = ''] }) =>
      withRole(spec, name, (role) =>
        role.groups?.includes(group) ? { ...role, groups: role.groups.filter((one) => one !== group) } : role,
      ),
  },
]

function readProject(name: string, flags: ApiFlags): Promise<AppProject> {
  return withApi(flags, (api) => api.call(routes.projects.get, { params: { name } }))
}

function list(): Command {
  return apiCommand('list', 'list the roles of a project')
    .argument('<project>')
    .addOption(outputOption())
    .action(async (name: string, flags: OutputFlags) => {
      const { spec } = await readProject(name, flags)
      print(printListing(roleListing(spec.roles ?? []), flags.output))
    })
}

function roleListing(rows: Role[]): Listing<Role> {
  return {
    rows,
    document: rows,
    name: ({ name }) => name,
    columns: [
      { title: 'ROLE', cell: ({ name }) => name },
      { title: 'DESCRIPTION', cell: ({ description = '' }) => description },
      { title: 'POLICIES', cell: ({ policies }) => String(policies?.length ?? 0), wide: true },
      { title: 'GROUPS', cell: ({ groups }) => groups?.join(',') ?? '', wide: true },
    ],
  }
}

function get(): Command {
  return apiCommand('get', 'show a role: its policies, groups and tokens')
    .argument('<project>')
    .argument('<role>')
    .addOption(outputOption('yaml'))
    .action(async (project: string, name: string, flags: OutputFlags) => {
      const { spec, status } = await readProject(project, flags)
      const role = roleOf(spec, name)
      const document = { ...role, jwtTokens: tokensOf(role, { status }) }
      print(printListing({ ...roleListing([role]), document }, flags.output))
    })
}

interface Token {
  iat: number
  exp?: number
  id?: string
}

/** Kept in the status where it is there, and in the role otherwise. */
function tokensOf(role: Role, { status }: Pick<AppProject, 'status'>): Token[] {
  const byRole = (status as { jwtTokensByRole?: Record<string, { items?: Token[] }> } | undefined)?.jwtTokensByRole
  return byRole?.[role.name]?.items ?? role.jwtTokens ?? []
}

interface TokenFlags extends ApiFlags {
  expiresIn: string
  id?: string
  tokenOnly?: boolean
}

function createToken(): Command {
  return apiCommand('create-token', 'make a token that stands for a role; it is shown only now')
    .argument('<project>')
    .argument('<role>')
    .option('-e, --expires-in <duration>', 'such as 12h or 7d; 0s: never', '0s')
    .option('-i, --id <id>', 'of the token; by chance without it')
    .option('-t, --token-only', 'print nothing else')
    .action(async (project: string, role: string, flags: TokenFlags) => {
      const body = { expiresIn: secondsOf(flags.expiresIn), ...(flags.id && { id: flags.id }) }
      const { token = '' } = await withApi(flags, (api) =>
        api.call(routes.projects.createToken, { params: { project, role }, body }),
      )
      if (flags.tokenOnly) return say(token)
      const { iat, exp, jti } = claimsOf(token)
      say(`token of proj:${project}:${role}`)
      say(`  id:      ${jti ?? ''}\n  issued:  ${timeText(iat)}\n  expires: ${expiryText(exp)}\n  token:   ${token}`)
    })
}

function claimsOf(token: string): { iat?: number; exp?: number; jti?: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8') || '{}')
}

function listTokens(): Command {
  return apiCommand('list-tokens', 'list the tokens of a role')
    .argument('<project>')
    .argument('<role>')
    .option('-u, --unixtime', 'times in seconds since 1970')
    .addOption(outputOption())
    .action(async (project: string, name: string, flags: OutputFlags & { unixtime?: boolean }) => {
      const { spec, status } = await readProject(project, flags)
      const rows = tokensOf(roleOf(spec, name), { status })
      const time = (seconds: number | undefined) => (flags.unixtime ? String(seconds ?? 0) : timeText(seconds))
      print(
        printListing(
          {
            rows,
            document: rows,
            name: ({ id, iat }) => id ?? String(iat),
            columns: [
              { title: 'ID', cell: ({ id = '' }) => id },
              { title: 'ISSUED', cell: ({ iat }) => time(iat) },
              { title: 'EXPIRES', cell: ({ exp }) => (flags.unixtime ? time(exp) : expiryText(exp)) },
            ],
          },
          flags.output,
        ),
      )
    })
}

function deleteToken(): Command {
  return apiCommand('delete-token', 'a token of a role is no longer accepted')
    .argument('<project>')
    .argument('<role>')
    .argument('<token>', 'its id, or when it was issued, in seconds since 1970')
    .action(async (project: string, role: string, token: string, flags: ApiFlags) => {
      await withApi(flags, async (api) => {
        const { spec, status } = await api.call(routes.projects.get, { params: { name: project } })
        const found = tokensOf(roleOf(spec, role), { status }).find(
          ({ id, iat }) => id === token || String(iat) === token,
        )
        if (!found) throw new CommandError(`role ${role} has no token ${token}`, { code: exitCode.failure })
        const params = { project, role, iat: String(found.iat) }
        await api.call(routes.projects.deleteToken, { params, query: found.id ? { id: found.id } : {} })
      })
      say(`token ${token} of ${role} deleted`)
    })
}

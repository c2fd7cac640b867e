/** `tiphys proj source-integrity git policies …`: whose signatures commits need. A policy is named by its place, from 0. */
import { Command, Option } from 'commander'
import { routes } from '../../contract/index.ts'
import type { AppProjectSpec } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { printListing } from '../output.ts'
import { apiCommand, type OutputFlags, outputOption, print, withApi } from '../server/command.ts'
import { collectList, wholeNumber } from '../words.ts'
import { changeCommand, type SpecChange } from './change.ts'

type Policy = NonNullable<NonNullable<NonNullable<AppProjectSpec['sourceIntegrity']>['git']>['policies']>[number]

export function integrityCommand(): Command {
  const policies = new Command('policies').description('which commits need whose signature')
  for (const child of [list(), ...changes.map(changeCommand)]) policies.addCommand(child)
  const git = new Command('git').description('of Git repositories').addCommand(policies)
  return new Command('source-integrity').description('whose signatures sources need').addCommand(git)
}

const policiesOf = (spec: AppProjectSpec): Policy[] => spec.sourceIntegrity?.git?.policies ?? []

function withPolicies(spec: AppProjectSpec, policies: Policy[]): AppProjectSpec {
  const { sourceIntegrity } = spec
  return { ...spec, sourceIntegrity: { ...sourceIntegrity, git: { ...sourceIntegrity?.git, policies } } }
}

function placeOf(spec: AppProjectSpec, id: string): number {
  const at = wholeNumber(id)
  if (policiesOf(spec)[at]) return at
  throw new CommandError(`the project has no policy ${id}: "proj source-integrity git policies list" numbers them`)
}

const modeOption = () =>
  new Option('--gpg-mode <mode>', 'strict: every commit; head: the last one; none').choices(['strict', 'head', 'none'])

const yesOption = () => new Option('-y, --yes', 'taken, and not needed: nothing is asked').hideHelp()

/** The list with what is set in its place, or with some added and some left out. */
export function changedList(
  before: string[],
  { set, add = [], leave = [] }: { set?: string[]; add?: string[]; leave?: string[] },
): string[] {
  const kept = (set ?? before).filter((one) => !leave.includes(one))
  return [...new Set([...kept, ...add])]
}

export const changes: SpecChange[] = [
  {
    name: 'add',
    description: 'add a policy',
    flags: (command) =>
      command
        .addOption(modeOption().makeOptionMandatory())
        .requiredOption('--repo-url <glob>', 'repositories that it is about', collectList)
        .option('--gpg-key <key>', 'key that a commit may be signed by', collectList),
    apply(spec, { flags }) {
      const repos = (flags.repoUrl as string[]).map((url) => ({ url }))
      const keys: string[] = flags.gpgKey ?? []
      if (keys.length === 0 && flags.gpgMode !== 'none') {
        throw new CommandError(`--gpg-mode ${flags.gpgMode} needs --gpg-key`, { code: exitCode.usage })
      }
      return withPolicies(spec, [...policiesOf(spec), { repos, gpg: { mode: flags.gpgMode, keys } }])
    },
  },
  {
    name: 'update',
    description: 'change a policy',
    args: ['<id>'],
    flags: (command) =>
      command
        .addOption(modeOption())
        .option('--repo-url <glob>', 'repositories in the place of those there', collectList)
        .option('--add-repo-url <glob>', 'one more', collectList)
        .option('--delete-repo-url <glob>', 'one less', collectList)
        .option('--gpg-key <key>', 'keys in the place of those there', collectList)
        .option('--add-gpg-key <key>', 'one more', collectList)
        .option('--delete-gpg-key <key>', 'one less', collectList)
        .addOption(yesOption()),
    apply(spec, { args: [id = ''], flags }) {
      const at = placeOf(spec, id)
      return withPolicies(
        spec,
        policiesOf(spec).map((policy, index) => (index === at ? changedPolicy(policy, flags) : policy)),
      )
    },
  },
  {
    name: 'delete',
    description: 'delete policies',
    args: ['<ids...>'],
    flags: (command) => command.addOption(yesOption()),
    apply(spec, { args }) {
      const gone = new Set(args.flat().map((id) => placeOf(spec, id)))
      return withPolicies(
        spec,
        policiesOf(spec).filter((_, index) => !gone.has(index)),
      )
    },
  },
]

function changedPolicy(
  { repos = [], gpg = {} }: Policy,
  flags: Record<string, string[]> & { gpgMode?: string },
): Policy {
  const urls = repos.flatMap(({ url }) => url ?? [])
  const asked = (set: string[] | undefined, add: string[] | undefined, leave: string[] | undefined) => ({
    ...(set && { set }),
    ...(add && { add }),
    ...(leave && { leave }),
  })
  const wanted = changedList(urls, asked(flags.repoUrl, flags.addRepoUrl, flags.deleteRepoUrl))
  const keys = changedList(gpg.keys ?? [], asked(flags.gpgKey, flags.addGpgKey, flags.deleteGpgKey))
  return { repos: wanted.map((url) => ({ url })), gpg: { ...gpg, ...(flags.gpgMode && { mode: flags.gpgMode }), keys } }
}

function list(): Command {
  return apiCommand('list', 'list the policies of a project')
    .argument('<project>')
    .addOption(outputOption())
    .action(async (name: string, flags: OutputFlags) => {
      const { spec } = await withApi(flags, (api) => api.call(routes.projects.get, { params: { name } }))
      const rows = policiesOf(spec).map((policy, id) => ({ id, ...policy }))
      print(
        printListing(
          {
            rows,
            document: policiesOf(spec),
            name: ({ id }) => String(id),
            columns: [
              { title: 'ID', cell: ({ id }) => String(id) },
              { title: 'REPOSITORIES', cell: ({ repos = [] }) => repos.map(({ url }) => url).join(',') },
              { title: 'MODE', cell: ({ gpg }) => gpg?.mode ?? '' },
              { title: 'KEYS', cell: ({ gpg }) => gpg?.keys?.join(',') ?? '' },
            ],
          },
          flags.output,
        ),
      )
    })
}

/** The composition root: the command line, and what each of its words calls. Nothing imports it. */
import { Command, CommanderError, Help, type Option } from 'commander'
import { CommandError, exitCode } from './cli/exit-code.ts'
import { messageOf } from './model/stage-error.ts'
import { packageVersion } from './process/package-file.ts'

interface Word {
  name: string
  description: string
  /** Takes flags about where Tiphys is, also in front of the word. */
  remote?: true
  /** What it does is loaded only when it is called: help stays quick. */
  load(all: () => Promise<Command>): Promise<Command>
}

const words: Word[] = [
  {
    name: 'serve',
    description: 'run Tiphys against a cluster',
    load: async () => (await import('./serve/command.ts')).serveCommand(),
  },
  {
    name: 'demo',
    description: 'try Tiphys with nothing: its own cluster, Git repository and sample applications',
    load: async () => (await import('./demo/command.ts')).demoCommand(),
  },
  {
    name: 'login',
    description: 'sign in to a Tiphys: commands go there from then on',
    remote: true,
    load: async () => (await import('./cli/login/command.ts')).loginCommand(),
  },
  {
    name: 'logout',
    description: 'end a login: its token counts no more',
    remote: true,
    load: async () => (await import('./cli/login/command.ts')).logoutCommand(),
  },
  {
    name: 'relogin',
    description: 'sign in again where one has been signed in',
    remote: true,
    load: async () => (await import('./cli/login/command.ts')).reloginCommand(),
  },
  {
    name: 'context',
    description: 'list logins, use another one or forget one',
    load: async () => (await import('./cli/login/command.ts')).contextCommand(),
  },
  {
    name: 'account',
    description: 'accounts, their passwords and tokens, and what one may do',
    remote: true,
    load: async () => (await import('./cli/account.ts')).accountCommand(),
  },
  {
    name: 'app',
    description: 'work with applications',
    remote: true,
    load: async () => (await import('./cli/application/commands.ts')).applicationCommand(),
  },
  {
    name: 'appset',
    description: 'work with ApplicationSets',
    remote: true,
    load: async () => (await import('./cli/application-set.ts')).applicationSetCommand(),
  },
  {
    name: 'proj',
    description: 'work with projects',
    remote: true,
    load: async () => (await import('./cli/project/commands.ts')).projectCommand(),
  },
  {
    name: 'repo',
    description: 'repositories, and what they are read with',
    remote: true,
    load: async () => (await import('./cli/repository/repositories.ts')).repositoryCommand(),
  },
  {
    name: 'repocreds',
    description: 'credentials for all repositories below an address',
    remote: true,
    load: async () => (await import('./cli/repository/credentials.ts')).credentialsCommand(),
  },
  {
    name: 'cluster',
    description: 'the clusters that Tiphys knows',
    remote: true,
    load: async () => (await import('./cli/cluster.ts')).clusterCommand(),
  },
  {
    name: 'cert',
    description: 'host keys and certificates that repositories prove themselves with',
    remote: true,
    load: async () => (await import('./cli/certificate.ts')).certificateCommand(),
  },
  {
    name: 'gpg',
    description: 'the keys that commits may be signed with',
    remote: true,
    load: async () => (await import('./cli/gpg-key.ts')).gpgKeyCommand(),
  },
  {
    name: 'admin',
    description: 'back up, bring back and check an installation, straight on its cluster',
    load: async () => (await import('./cli/admin/command.ts')).adminCommand(),
  },
  {
    name: 'render',
    description: 'print the manifests that a folder or repository renders to',
    load: async () => (await import('./cli/render.ts')).renderCommand(),
  },
  {
    name: 'diff',
    description: 'what applying a folder or repository to the cluster would change; or, with no cluster, two files',
    load: async () => (await import('./cli/diff.ts')).diffCommand(),
  },
  {
    name: 'health',
    description: 'how well the objects in files are: a line of JSON for each',
    load: async () => (await import('./cli/health.ts')).healthCommand(),
  },
  {
    name: 'actions',
    description: 'what can be done to objects in files, and what it comes to',
    load: async () => (await import('./cli/actions.ts')).actionsCommand(),
  },
  {
    name: 'windows',
    description: 'may applications be synced at a time, by themselves and by hand, and why',
    load: async () => (await import('./cli/windows.ts')).windowsCommand(),
  },
  {
    name: 'order',
    description: 'the steps of a sync in their order: phase, wave and object',
    load: async () => (await import('./cli/order.ts')).orderCommand(),
  },
  {
    name: 'crds',
    description: 'print the CustomResourceDefinitions, for "kubectl apply --server-side -f -"',
    load: async () => (await import('./cli/definitions.ts')).definitionsCommand(),
  },
  {
    name: 'migrate',
    description: 'what to know before Tiphys takes over from Argo CD',
    load: async () => (await import('./cli/migrate.ts')).migrateCommand(),
  },
  {
    name: 'manifests',
    description: 'print what installs Tiphys in a cluster, for "kubectl apply --server-side -f -"',
    load: async () => (await import('./cli/manifests.ts')).manifestsCommand(packageVersion()),
  },
  {
    name: 'completion',
    description: 'print the completion script of a shell',
    load: async (all) => (await import('./cli/completion.ts')).completionCommand(all),
  },
  {
    name: 'version',
    description: 'of the command line, and of the server',
    remote: true,
    load: async () => (await import('./cli/version.ts')).versionCommand(packageVersion()),
  },
]

/** All words, with what `isCalled` does; the others are only named. */
async function program(isCalled: (word: Word) => boolean): Promise<Command> {
  const tiphys = new Command('tiphys')
    .description('GitOps continuous delivery for Kubernetes')
    .version(packageVersion())
  for (const word of words) {
    const command = isCalled(word) ? await word.load(() => program(() => true)) : new Command(word.name)
    tiphys.addCommand(command.description(word.description))
  }
  return tiphys
}

/** Flags in front of the word go behind it, as its own. */
async function argumentsOf(given: string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const options = env.TIPHYS_OPTS ?? env.ARGOCD_OPTS
  if (!given[0]?.startsWith('-') && !options) return given
  const [{ withGlobalsLast }, { globalFlags }] = await Promise.all([
    import('./cli/global-flags.ts'),
    import('./cli/server/flags.ts'),
  ])
  const applies = (name: string | undefined) => words.some((word) => word.name === name && word.remote)
  return withGlobalsLast(given, { known: globalFlags(), options, applies })
}

/** Commands end by throwing: what is wrong goes to standard error in one piece, with a code that scripts may rely on. */
function exitCodeOf(error: unknown): number {
  // commander has printed its own message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  process.stderr.write(`tiphys: ${messageOf(error)}\n`)
  return error instanceof CommandError ? error.code : exitCode.failure
}

/** Help begins with what is the command's own, and goes on with what many have. */
function groupItems<Item extends Command | Option>(
  this: Help,
  all: Item[],
  visible: Item[],
  groupOf: (item: Item) => string,
): Map<string, Item[]> {
  const isShared = (item: Item) => Number('helpGroupHeading' in item && item.helpGroupHeading !== undefined)
  const ownFirst = [...all].sort((one, other) => isShared(one) - isShared(other))
  return Help.prototype.groupItems.call(this, ownFirst, visible, groupOf as never) as Map<string, Item[]>
}

function prepare(command: Command): void {
  // Instead of ending the process.
  command.exitOverride()
  command.showHelpAfterError('(add --help for what there is)')
  command.configureHelp({ groupItems })
  for (const child of command.commands) prepare(child)
}

try {
  const given = await argumentsOf(process.argv.slice(2), process.env)
  const [first, second] = given
  const tiphys = await program(({ name }) => name === (first === 'help' ? second : first))
  prepare(tiphys)
  await tiphys.parseAsync(given, { from: 'user' })
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

/** The flags by which every command that speaks to Tiphys is told where it is; names as in argocd. */
import { type Command, Option } from 'commander'
import { addClusterFlags, addConnectionFlags, type ConnectionFlags } from '../connection.ts'
import { collect } from '../words.ts'

export interface ServerFlags {
  server?: string
  authToken?: string
  argocdContext?: string
  config?: string
  insecure?: boolean
  plaintext?: boolean
  serverCrt?: string
  clientCrt?: string
  clientCrtKey?: string
  header?: string[]
  grpcWebRootPath?: string
  portForward?: boolean
  portForwardNamespace?: string
}

/** Of commands that work through the API or straight on the cluster. */
export interface PlaceFlags extends ServerFlags, ConnectionFlags {
  core?: boolean
  kubeContext?: string
}

const group = 'Where Tiphys is:'

const serverOptions = () => [
  new Option('--server <address>', 'of its API; otherwise TIPHYS_SERVER or ARGOCD_SERVER, or the login in use'),
  new Option('--auth-token <token>', 'otherwise TIPHYS_AUTH_TOKEN or ARGOCD_AUTH_TOKEN, or that of the login'),
  new Option('--argocd-context <name>', 'another login than the one in use; "tiphys context" lists them'),
  new Option('--config <file>', 'file with the logins; otherwise ~/.config/tiphys/config'),
  new Option('--insecure', 'take any certificate for its own'),
  new Option('--plaintext', 'without TLS'),
  new Option('--server-crt <file>', 'PEM of the authority that vouches for its certificate'),
  new Option('--client-crt <file>', 'PEM of a certificate to prove oneself with'),
  new Option('--client-crt-key <file>', 'PEM of its key'),
  new Option('-H, --header <name: value>', 'sent with each request').argParser(collect),
  new Option('--grpc-web-root-path <path>', 'path in front of the API'),
]

/** Taken because scripts give them; none of them could change what a command does here. */
const idleOptions = () => [
  new Option('--grpc-web'),
  new Option('--http-retry-max <count>'),
  new Option('--loglevel <level>'),
  new Option('--logformat <format>'),
  new Option('--prompts-enabled'),
]

const unservedOptions = () => [new Option('--port-forward'), new Option('--port-forward-namespace <namespace>')]

export function addServerFlags(command: Command): Command {
  for (const option of serverOptions()) command.addOption(option.helpGroup(group))
  for (const option of [...idleOptions(), ...unservedOptions()]) command.addOption(option.hideHelp())
  return command
}

/** `without`: where `--namespace` is that of something else. */
export function addPlaceFlags(command: Command, { without }: { without?: 'namespace' } = {}): Command {
  addServerFlags(command)
  command.optionsGroup(group)
  if (without) addClusterFlags(command)
  else addConnectionFlags(command)
  command.addOption(new Option('--kube-context <name>').hideHelp())
  command.option('--core', 'straight to the cluster, even where there is a login')
  return command.optionsGroup('Options:')
}

/** Every flag that takes a place; `true` where a value follows. For words in front of the command. */
export function globalFlags(): Map<string, boolean> {
  const all = [...serverOptions(), ...idleOptions(), ...unservedOptions()]
  const named = all.flatMap((option): [string, boolean][] =>
    [option.long, option.short].flatMap((name) => (name ? [[name, option.required]] : [])),
  )
  return new Map([...named, ['--core', false], ['--kube-context', true]])
}

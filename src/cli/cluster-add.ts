/** `tiphys cluster add`: makes an account for Tiphys on a cluster of the kubeconfig, and registers the cluster with it. */
import { type Command, Option } from 'commander'
import { routes } from '../contract/index.ts'
import type { ClusterCredentials } from '../kube/credentials.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import { messageOf } from '../model/index.ts'
import { CommandError, exitCode } from './exit-code.ts'
import { withPrompt } from './prompt.ts'
import { type ApiFlags, apiCommand, say, withApi } from './server/command.ts'
import { collect, definedOf, pairs, wholeNumber } from './words.ts'

interface AddFlags extends ApiFlags {
  kubeconfig?: string
  name?: string
  namespace?: string[]
  clusterResources?: boolean
  inCluster?: boolean
  clusterEndpoint?: 'kubeconfig' | 'internal'
  upsert?: boolean
  project?: string
  label?: string[]
  annotation?: string[]
  shard?: number
  serviceAccount?: string
  systemNamespace: string
  awsClusterName?: string
  awsRoleArn?: string
  awsProfile?: string
  execCommand?: string
  execCommandArgs?: string[]
  execCommandEnv?: string[]
  execCommandApiVersion?: string
  execCommandInstallHint?: string
  proxyUrl?: string
  disableCompression?: boolean
  yes?: boolean
}

type Config = Record<string, unknown>

const inClusterServer = 'https://kubernetes.default.svc'

export function addCommand(): Command {
  return apiCommand('add', 'register a cluster of the kubeconfig')
    .argument('<context>', 'context in the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig file; otherwise KUBECONFIG or ~/.kube/config')
    .option('--name <name>', 'name of the cluster; that of the context without it')
    .option('--namespace <namespace>', 'only this namespace; may be given several times', collect)
    .option('--cluster-resources', 'with --namespace: objects that are in no namespace as well')
    .option('--in-cluster', 'it is the cluster that Tiphys runs in')
    .addOption(new Option('--cluster-endpoint <endpoint>', 'address to register').choices(['kubeconfig', 'internal']))
    .option('--upsert', 'change the cluster if it is registered already')
    .option('--project <project>', 'only applications of this project go there')
    .option('--label <key=value>', 'label of the cluster', collect)
    .option('--annotation <key=value>', 'annotation of the cluster', collect)
    .option('--shard <number>', 'shard of the cluster, as Argo CD counts them', wholeNumber)
    .option('--service-account <name>', 'an account that is there already, instead of one that is made')
    .option('--system-namespace <namespace>', 'namespace of the account', 'kube-system')
    .option('--aws-cluster-name <name>', 'sign in as the AWS CLI does, to this EKS cluster')
    .option('--aws-role-arn <arn>', 'role to take for that')
    .option('--aws-profile <name>', 'profile to use for that')
    .option('--exec-command <program>', 'sign in with what this program prints, run where Tiphys runs')
    .option('--exec-command-args <argument>', 'argument of the program', collect)
    .option('--exec-command-env <name=value>', 'variable of the program', collect)
    .option('--exec-command-api-version <version>', 'version of ExecCredential that the program speaks')
    .option('--exec-command-install-hint <text>', 'what to tell when the program is not there')
    .option('--proxy-url <url>', 'proxy between Tiphys and the cluster')
    .option('--disable-compression', 'as in Argo CD; Tiphys never asks for compressed answers')
    .option('-y, --yes', 'do not ask before an account is given all rights')
    .action(add)
}

async function add(context: string, flags: AddFlags): Promise<void> {
  const [{ loadConfig }, { connect }] = await Promise.all([
    import('../kube/load-config.ts'),
    import('../kube/connect.ts'),
  ])
  const credentials = await loadConfig({ ...(flags.kubeconfig && { kubeconfig: flags.kubeconfig }), context }).catch(
    (cause: unknown) => {
      throw new CommandError(messageOf(cause), { code: exitCode.usage, cause })
    },
  )
  const reached = flags.proxyUrl ? { ...credentials, proxyUrl: flags.proxyUrl } : credentials
  const plugin = pluginOf(flags)
  const client = connect(reached)
  let signIn: Config
  try {
    signIn = plugin ?? { bearerToken: await managerToken(client, { ...flags, context }) }
  } finally {
    await client.close()
  }
  const isInternal = flags.inCluster === true || flags.clusterEndpoint === 'internal'
  const body = {
    server: isInternal ? inClusterServer : credentials.server,
    name: flags.name ?? context,
    ...(flags.namespace && { namespaces: flags.namespace }),
    ...(flags.clusterResources && flags.namespace && { clusterResources: true }),
    ...definedOf({ project: flags.project, shard: flags.shard }),
    ...(flags.label && { labels: pairs(flags.label) }),
    ...(flags.annotation && { annotations: pairs(flags.annotation) }),
    config: configOf(reached, signIn, flags),
  }
  await withApi(flags, (api) => api.call(routes.clusters.create, { query: { upsert: flags.upsert === true }, body }))
  say(`cluster ${body.server} added as ${body.name}`)
}

function configOf({ ca, serverName, insecure, proxyUrl }: ClusterCredentials, signIn: Config, flags: AddFlags): Config {
  return {
    ...signIn,
    tlsClientConfig: {
      insecure: insecure === true,
      ...(serverName && { serverName }),
      ...(ca && !insecure && { caData: Buffer.from(ca).toString('base64') }),
    },
    ...(proxyUrl && { proxyUrl }),
    ...(flags.disableCompression && { disableCompression: true }),
  }
}

/** undefined: there is none, and an account is needed. */
function pluginOf(flags: AddFlags): Config | undefined {
  if (flags.awsClusterName && flags.execCommand) {
    throw new CommandError('--aws-cluster-name and --exec-command exclude each other', { code: exitCode.usage })
  }
  if (flags.awsClusterName) {
    const { awsClusterName: clusterName, awsRoleArn: roleARN, awsProfile: profile } = flags
    return { awsAuthConfig: definedOf({ clusterName, roleARN, profile }) }
  }
  if (!flags.execCommand) return undefined
  return {
    execProviderConfig: definedOf({
      command: flags.execCommand,
      args: flags.execCommandArgs,
      env: flags.execCommandEnv && pairs(flags.execCommandEnv),
      apiVersion: flags.execCommandApiVersion,
      installHint: flags.execCommandInstallHint,
    }),
  }
}

async function managerToken(client: KubeClient, flags: AddFlags & { context: string }): Promise<string> {
  const { installManager, lastingToken, managerAccount } = await import('../clusters/index.ts')
  const { serviceAccount, systemNamespace: namespace, namespace: namespaces = [] } = flags
  if (serviceAccount) return lastingToken(client, { namespace, account: serviceAccount })
  await consent(flags, namespaces)
  await installManager(client, { namespace, namespaces })
  return lastingToken(client, { namespace, account: managerAccount })
}

/** Whoever has the token may do everything there. */
async function consent({ context, yes }: AddFlags & { context: string }, namespaces: string[]): Promise<void> {
  if (yes) return
  const where = namespaces.length > 0 ? `the namespaces ${namespaces.join(', ')}` : 'all of the cluster'
  const question = `This makes a service account on the cluster of context ${context} that may do everything in ${where}. Go on?`
  if (await withPrompt((prompt) => prompt.confirm(question))) return
  throw new CommandError('nothing was done: say --yes, or name an account that is there with --service-account', {
    code: exitCode.usage,
  })
}

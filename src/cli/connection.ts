/** Which cluster and which control namespace a command speaks to. */
import { type Command, Option } from 'commander'
import type { KubeClient } from '../kube/kube-client.ts'
import { messageOf } from '../model/index.ts'
import { CommandError, exitCode } from './exit-code.ts'

export interface ConnectionFlags {
  kubeconfig?: string | undefined
  context?: string | undefined
  namespace: string
}

export function addConnectionFlags(command: Command): Command {
  return addClusterFlags(command).addOption(
    new Option('--namespace <namespace>', 'namespace of the applications').default('argocd').env('TIPHYS_NAMESPACE'),
  )
}

export function addClusterFlags(command: Command): Command {
  return command
    .option('--kubeconfig <file>', "kubeconfig file; otherwise KUBECONFIG, the pod's own account, or ~/.kube/config")
    .option('--context <name>', 'context in the kubeconfig')
}

/** For commands whose `--namespace` is that of something else. */
export function controlNamespace(env = process.env): string {
  return env.TIPHYS_NAMESPACE || 'argocd'
}

/** Runs `work` with a client that is closed afterwards. */
export async function withCluster<Result>(
  { kubeconfig, context }: ConnectionFlags,
  work: (client: KubeClient) => Promise<Result>,
): Promise<Result> {
  // Loaded only by commands that speak to a cluster: `tiphys render` and `--help` start faster.
  const [{ connect }, { loadConfig }] = await Promise.all([
    import('../kube/connect.ts'),
    import('../kube/load-config.ts'),
  ])
  const credentials = await loadConfig({ kubeconfig, context }).catch((cause: unknown) => {
    throw new CommandError(messageOf(cause), { cause })
  })
  const client = connect(credentials)
  try {
    return await work(client)
  } catch (error) {
    throw told(error, client.server)
  } finally {
    await client.close()
  }
}

/** Which of the two ways was taken is part of what went wrong. */
function told(error: unknown, server: string): unknown {
  const isUsage = error instanceof CommandError && (error.code === exitCode.usage || error.code === exitCode.negative)
  const isOwn = error instanceof CommandError || (error as Error | undefined)?.name === 'KubeError'
  if (isUsage || !isOwn) return error
  const code = error instanceof CommandError ? error.code : exitCode.failure
  return new CommandError(`${messageOf(error)}\n(asked the cluster at ${server} itself)`, { code, cause: error })
}

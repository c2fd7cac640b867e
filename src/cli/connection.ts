/** Which cluster and which control namespace a command speaks to. */
import { type Command, Option } from 'commander'
import type { KubeClient } from '../kube/kube-client.ts'
import { messageOf } from '../model/index.ts'
import { CommandError } from './exit-code.ts'

export interface ConnectionFlags {
  kubeconfig?: string
  context?: string
  namespace: string
}

export function addConnectionFlags(command: Command): Command {
  return command
    .option('--kubeconfig <file>', "kubeconfig file; otherwise KUBECONFIG, the pod's own account, or ~/.kube/config")
    .option('--context <name>', 'context in the kubeconfig')
    .addOption(
      new Option('--namespace <namespace>', 'namespace of the applications').default('argocd').env('TIPHYS_NAMESPACE'),
    )
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
  } finally {
    await client.close()
  }
}

/** The label that says which Kubernetes a cluster runs, kept up to date on the Secrets that ask for it: generators select by it. */
import type { ControlPlane, KubeClient } from '../live/index.ts'
import { label, messageOf } from '../model/index.ts'
import type { Clusters } from './cluster.ts'
import type { ClusterRecord } from './cluster-record.ts'
import { clusterRecords } from './cluster-records.ts'

/** A JSON merge patch of the Secret; undefined: it says what it should. `version` is as the server gives it. */
export function versionLabelPatch({ labels }: Pick<ClusterRecord, 'labels'>, version: string | undefined) {
  if (labels[label.autoLabelClusterInfo] !== 'true') return undefined
  // Providers add words of their own, some of which no label may hold.
  const [, numbers] = /^v?(\d+\.\d+\.\d+)/.exec(version ?? '') ?? []
  if (numbers === undefined || labels[label.kubernetesVersion] === `v${numbers}`) return undefined
  return { metadata: { labels: { [label.kubernetesVersion]: `v${numbers}` } } }
}

export interface VersionLabelOptions {
  clusters: Pick<Clusters, 'connection'>
  controlPlane: Pick<ControlPlane, 'hasInCluster' | 'namespace' | 'secretsOfType' | 'setting' | 'remember'>
  /** Of the cluster that the control namespace is in. */
  client: Pick<KubeClient, 'patch'>
  /** Whether the Secret of this name is this process's to write. */
  isOurs(name: string): boolean
  log: { warn(fields: object, message: string): void }
}

const intervalMs = 10_000

export function keepVersionLabels(options: VersionLabelOptions): { close(): Promise<void> } {
  const { clusters, controlPlane, client, isOurs, log } = options

  async function write(record: ClusterRecord): Promise<void> {
    const { namespace } = controlPlane
    const { name = '' } = record.secret?.metadata ?? {}
    const patch = isOurs(name) ? versionLabelPatch(record, clusters.connection(record.server)?.version) : undefined
    if (!patch || name === '') return
    try {
      const target = { group: '', version: 'v1', kind: 'Secret', namespace, name }
      controlPlane.remember(await client.patch(target, patch, { type: 'merge' }))
    } catch (error) {
      const fields = { cluster: record.name, error: messageOf(error) }
      log.warn(fields, 'the version of a cluster could not be written to its Secret')
    }
  }

  const timer = setInterval(() => {
    for (const record of clusterRecords(controlPlane)) void write(record)
  }, intervalMs)
  timer.unref()
  return { close: async () => clearInterval(timer) }
}

/** The clusters that are registered, and the one that Tiphys runs in. */
import { type ControlPlane, decodedSecret } from '../live/index.ts'
import { type ClusterRecord, readClusterSecret } from './cluster-record.ts'

export const inClusterServer = 'https://kubernetes.default.svc'

const inCluster: ClusterRecord = {
  server: inClusterServer,
  name: 'in-cluster',
  namespaces: [],
  clusterResources: false,
  project: '',
  labels: {},
  annotations: {},
  config: {},
}

export function clusterRecords(controlPlane: Pick<ControlPlane, 'secretsOfType' | 'hasInCluster'>): ClusterRecord[] {
  const isEnabled = controlPlane.hasInCluster()
  const registered = controlPlane
    .secretsOfType('cluster')
    .map((secret) => readClusterSecret(secret, decodedSecret(secret)))
    .filter(({ server }) => isEnabled || server !== inClusterServer)
  const isRegistered = registered.some(({ server }) => server === inClusterServer)
  return isEnabled && !isRegistered ? [...registered, inCluster] : registered
}

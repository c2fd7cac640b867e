/** The clusters that applications go to. */
export { exchangedToken, lastingToken } from './account-token.ts'
export type { Cluster, ClusterConnection, Clusters, Destination } from './cluster.ts'
export { type ClusterRecord, readClusterSecret, withoutSlash } from './cluster-record.ts'
export { clusterRecords, inClusterServer } from './cluster-records.ts'
export { installManager, managerAccount } from './manager-account.ts'
export { type OpenClusters, openClusters } from './open-clusters.ts'
export { keepVersionLabels } from './version-label.ts'

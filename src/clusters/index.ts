/** The clusters that applications go to. */
export type { Cluster, ClusterConnection, Clusters, Destination, DestinationFault } from './cluster.ts'
export { type ClusterRecord, readClusterSecret, withoutSlash } from './cluster-record.ts'
export { clusterRecords, inClusterServer } from './cluster-records.ts'
export { type OpenClusters, openClusters } from './open-clusters.ts'

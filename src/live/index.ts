/** Live state: what is there now. */

export type { ExecSession, KubeClient } from '../kube/kube-client.ts'
export { type ControlPlane, type ControlPlaneChange, openControlPlane } from './control-plane.ts'
export type { ResourceFilter } from './exclusions.ts'
export type * from './live-cluster.ts'
export type { LiveObject } from './live-object.ts'
export { combined } from './node-loads.ts'
export { openLiveCluster } from './open-live-cluster.ts'
export { hasEnded, type PodRequests, podRequests, takesNothing } from './pod-load.ts'
export { rememberWrites } from './remember-writes.ts'
export { decodedSecret, type SecretType } from './secret.ts'
export { isHealthKind } from './trim.ts'

/** Live state: what is there now. */

export type { ApiResource, KubeClient } from '../kube/kube-client.ts'
export { type ControlPlane, type ControlPlaneChange, openControlPlane } from './control-plane.ts'
export type * from './live-cluster.ts'
export type { LiveObject } from './live-object.ts'
export { openLiveCluster } from './open-live-cluster.ts'
export { rememberWrites } from './remember-writes.ts'

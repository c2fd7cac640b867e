/** Several processes that share the work of one installation, through Leases. */
export { newIdentity } from './identity.ts'
export { refuseBesideReplicas } from './live-replicas.ts'
export { joinReplicas, type Membership, type Share } from './membership.ts'

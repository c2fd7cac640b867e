/** What of the work of an installation is this process's: all of a role, a share of it, or none. */
import type { KubeClient } from '../live/index.ts'
import type { Log } from '../reconcile/stages.ts'
import { joinReplicas, type Membership, newIdentity, refuseBesideReplicas, type Share } from '../replica/index.ts'
import type { Role } from './role.ts'

export interface Parts {
  has(role: Role): boolean
  /** What of a role's work is this process's; absent: all of it. */
  share(role: Role): Share | undefined
  close(): Promise<void>
}

export interface PartsOptions {
  roles: readonly Role[]
  /** Other processes have some of the same roles. */
  shared: boolean
  /** Of the Pod, where this is its only process. */
  pod: string | undefined
  client: KubeClient
  namespace: string
  log: Log
}

/** A process by itself writes no Lease, nor does one that only serves: it works on nothing. */
export async function openParts({ roles: taken, shared, pod, ...options }: PartsOptions): Promise<Parts> {
  const working = taken.filter((role) => role !== 'api')
  const isAlone = working.length > 0 && !shared
  if (isAlone) await refuseBesideReplicas({ ...options, roles: working })
  const here = { identity: newIdentity(pod), aloneOnHost: pod !== undefined }
  const membership: Membership | undefined =
    shared && working.length > 0 ? await joinReplicas({ ...options, ...here, roles: working }) : undefined
  const has = (role: Role) => taken.includes(role)
  return {
    has,
    share: (role) => (has(role) ? membership?.share(role) : othersWork),
    close: async () => membership?.close(),
  }
}

const othersWork: Share = {
  isOurs: () => false,
  holder: () => undefined,
  isLive: () => true,
  onChange: () => () => {},
}

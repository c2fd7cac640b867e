/** What of the work of an installation is this process's: all of a role, a share of it, or none. */
import type { KubeClient } from '../live/index.ts'
import type { Log } from '../reconcile/stages.ts'
import { joinReplicas, type Membership, newIdentity, type Share } from '../replica/index.ts'
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
  client: KubeClient
  namespace: string
  log: Log
}

/** A process by itself writes no Lease, nor does one that only serves: it works on nothing. */
export async function openParts({ roles: taken, shared, ...options }: PartsOptions): Promise<Parts> {
  const working = taken.filter((role) => role !== 'api')
  const membership: Membership | undefined =
    shared && working.length > 0
      ? await joinReplicas({ ...options, identity: newIdentity(), roles: working })
      : undefined
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

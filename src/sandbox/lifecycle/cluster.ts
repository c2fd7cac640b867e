/** The parts of one running sandbox that its verbs share. */

import type { TokenIssuer } from '../access/tokens.ts'
import type { ControllerClient } from '../controllers/controller.ts'
import type { Registry } from '../discovery/registry.ts'
import type { Resource } from '../discovery/resource.ts'
import type { Store } from '../store/store.ts'

export interface Cluster {
  store: Store
  registry: Registry
  clock: () => Date
  /** The bearer token of the administrator. */
  adminToken: string
  tokens: TokenIssuer
  /** The server's own client, for what one write must know of other objects. */
  client: ControllerClient
}

/** Who asks, as authentication found it. */
export interface User {
  name: string
  groups: string[]
  uid?: string
  extra?: Record<string, string[]>
}

/** One request for one resource, with its options read. */
export interface Call {
  resource: Resource
  /** '' on cluster-scoped resources. */
  namespace: string
  name: string
  subresource: string
  user: User
  /** The field manager: the query's, else the first part of the user agent. */
  manager: string
  dryRun: boolean
  now: Date
  /** Texts for the Warning headers, gathered on the way. */
  warnings: string[]
}

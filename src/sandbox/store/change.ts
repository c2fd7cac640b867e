/** One committed change of one object, as watches and histories read it. */
import type { KubeObject } from '../object.ts'

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** The state after the change; of a deletion the last state, with the revision of the deletion. */
  object: KubeObject
  before?: KubeObject
  revision: number
}

/** What kind-specific code does at each step of a write, for built-in and custom resources alike. */
import type { Resource } from '../discovery/resource.ts'
import type { Kind } from '../kinds/kind.ts'

const none: Kind = {}

/** The kind-specific rules of a resource. */
export function strategyOf(_resource: Resource): Kind {
  return none
}

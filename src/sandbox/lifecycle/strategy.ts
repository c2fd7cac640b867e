/** What kind-specific code does at each step of a write, for built-in and custom resources alike. */
import type { Resource } from '../discovery/resource.ts'
import type { Kind } from '../kinds/kind.ts'
import { kindOf } from '../kinds/registry.ts'

const strategies = new WeakMap<Resource, Kind>()

/** The kind-specific rules of a resource. */
export function strategyOf(resource: Resource): Kind {
  let kind = strategies.get(resource)
  if (!kind) {
    kind = kindOf(resource.group, resource.version, resource.kind)
    strategies.set(resource, kind)
  }
  return kind
}

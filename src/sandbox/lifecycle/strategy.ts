/** What is known of a resource's kind at each step of a write, for built-in and custom resources alike. */
import { customKind } from '../crd/custom-kind.ts'
import { type CustomVersion, customVersion } from '../crd/custom-version.ts'
import { asDefinition, definitionKind } from '../crd/definition.ts'
import type { Resource } from '../discovery/resource.ts'
import type { Kind } from '../kinds/kind.ts'
import { kindOf } from '../kinds/registry.ts'
import type { GroupVersionKind } from '../object.ts'
import type { Store } from '../store/store.ts'
import { builtinType } from '../typed/builtin-type.ts'
import { customType, type StructuralSchema } from '../typed/custom-type.ts'
import { anyType, type Type } from '../typed/type.ts'

export interface Strategy {
  gvk: GroupVersionKind
  kind: Kind
  type: Type
  /** Of a custom resource only. */
  custom?: CustomVersion
}

export const definitionsBucket = 'apiextensions.k8s.io/customresourcedefinitions'

/** The registry makes its resources anew when definitions change, so that what is known of them lives as long as they. */
const strategies = new WeakMap<Resource, Strategy>()

function builtinStrategy({ group, version, kind }: Resource): Strategy {
  const gvk = { group, version, kind }
  const rules = kind === 'CustomResourceDefinition' ? definitionKind : kindOf(group, version, kind)
  return { gvk, kind: rules, type: builtinType(gvk) ?? anyType }
}

function customStrategy(store: Store, resource: Resource, definitionName: string): Strategy {
  const { group, version, kind } = resource
  const definition = store.bucket(definitionsBucket).get('', definitionName)
  const custom = definition && customVersion(asDefinition(definition), version)
  if (!custom) throw new Error(`the definition ${definitionName} of ${group}/${version} is gone`)
  const type = customType(custom.schema as StructuralSchema)
  return { gvk: { group, version, kind }, kind: customKind(custom), type, custom }
}

export function strategyOf(store: Store, resource: Resource): Strategy {
  let strategy = strategies.get(resource)
  if (!strategy) {
    strategy = resource.custom ? customStrategy(store, resource, resource.custom.definition) : builtinStrategy(resource)
    strategies.set(resource, strategy)
  }
  return strategy
}

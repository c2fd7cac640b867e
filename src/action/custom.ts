/** Actions by the scripts of an installation, as `resource.customizations.actions.*` in argocd-cm gives them. */
import { load } from 'js-yaml'
import { LuaError, LuaScript, withOriginal } from '../lua/index.ts'
import {
  customizationFor,
  customizationsOf,
  groupOf,
  type KubeObject,
  messageOf,
  type ResourceCustomization,
} from '../model/index.ts'
import { ActionError, type ActionParameter, type ImpactedResource, type ResourceAction } from './action.ts'

export interface CustomActionOptions {
  warn(message: string): void
  now(): Date
}

export interface CustomActions {
  /** Whether the built-in actions of the kind are there too. */
  mergesBuiltIn: boolean
  list(object: KubeObject): ResourceAction[]
  /** undefined when there is no such action. */
  run(object: KubeObject, name: string, parameters: Record<string, string>): ImpactedResource[] | undefined
}

interface Definitions {
  'discovery.lua'?: string
  definitions?: { name?: string; 'action.lua'?: string }[]
  mergeBuiltinActions?: boolean
}

/** undefined for an object whose kind has no actions of its own. */
export function customActions(
  settings: Record<string, string>,
  options: CustomActionOptions,
): (object: KubeObject) => CustomActions | undefined {
  const found = customizationsOf('actions', settings, options.warn).flatMap((customization) => {
    const definitions = definitionsOf(customization, options)
    return definitions
      ? [{ pattern: customization.pattern, actions: actionsOf(customization, definitions, options) }]
      : []
  })
  return (object) => {
    // Argo CD knows wildcards for health only.
    const group = groupOf(object.apiVersion)
    const exact = found.filter(({ pattern }) => pattern === (group ? `${group}/${object.kind}` : object.kind))
    return customizationFor(object, exact)?.actions
  }
}

function definitionsOf({ key, text }: ResourceCustomization, { warn }: CustomActionOptions): Definitions | undefined {
  try {
    const value = load(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    warn(`argocd-cm: ${key} is no map with discovery.lua and definitions: it is left out`)
  } catch (error) {
    warn(`argocd-cm: ${key} cannot be read, and is left out: ${messageOf(error)}`)
  }
  return undefined
}

function actionsOf(
  customization: ResourceCustomization,
  definitions: Definitions,
  { now }: CustomActionOptions,
): CustomActions {
  const { key, openLibraries } = customization
  const scripts = new Map<string, LuaScript>()
  function evaluate(what: string, text: string, globals: Record<string, unknown>): unknown {
    const script = scripts.get(what) ?? new LuaScript(text, { now, openLibraries })
    scripts.set(what, script)
    try {
      return script.run(globals)
    } catch (error) {
      const line = error instanceof LuaError && error.line ? `, line ${error.line}` : ''
      throw new ActionError(`${what} in ${key} of argocd-cm${line}: ${messageOf(error)}`, { cause: error })
    }
  }
  return {
    mergesBuiltIn: definitions.mergeBuiltinActions === true,
    list(object) {
      const text = definitions['discovery.lua']
      if (!text) return []
      return discovered(evaluate('discovery.lua', text, { obj: object, actionParams: {} }), key)
    },
    run(object, name, parameters) {
      const text = definitions.definitions?.find((definition) => definition.name === name)?.['action.lua']
      if (text === undefined) return undefined
      const result = evaluate(`action ${name}`, text, { obj: object, actionParams: parameters })
      return impacted(result, object, `action ${name} in ${key} of argocd-cm`)
    },
  }
}

function discovered(result: unknown, key: string): ResourceAction[] {
  if (Array.isArray(result) && result.length === 0) return []
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw new ActionError(`discovery.lua in ${key} of argocd-cm has to return a table by the names of the actions`)
  }
  return Object.entries(result as Record<string, unknown>).map(([name, value]) => {
    const told = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
    const params = Array.isArray(told.params) ? told.params.flatMap(parameterOf) : []
    return {
      name,
      disabled: told.disabled === true,
      ...(typeof told.displayName === 'string' && { displayName: told.displayName }),
      ...(typeof told.iconClass === 'string' && { iconClass: told.iconClass }),
      ...(params.length > 0 && { params }),
    }
  })
}

function parameterOf(value: unknown): ActionParameter[] {
  const { name, default: otherwise } = (value ?? {}) as { name?: unknown; default?: unknown }
  if (typeof name !== 'string') return []
  return [{ name, ...(otherwise !== undefined && { default: String(otherwise) }) }]
}

/** A script returns the object changed, or a list of what is to be done. */
function impacted(result: unknown, object: KubeObject, what: string): ImpactedResource[] {
  if (typeof result !== 'object' || result === null) {
    throw new ActionError(`${what} has to return the object, or a list of operations`)
  }
  if (!Array.isArray(result)) return [{ operation: 'patch', resource: patched(result, object, what) }]
  return result.map((entry: { operation?: unknown; resource?: unknown }) => {
    const { operation, resource } = entry ?? {}
    if (operation === 'patch') return { operation, resource: patched(resource, object, what) }
    if (operation !== 'create')
      throw new ActionError(`${what}: unsupported operation: ${JSON.stringify(operation)}; there are create and patch`)
    return { operation, resource: objectOf(withOriginal(resource, undefined), what) }
  })
}

/** Only the object that the action is on can be patched. */
function patched(resource: unknown, object: KubeObject, what: string): KubeObject {
  const changed = objectOf(withOriginal(resource, object), what)
  const same =
    changed.apiVersion === object.apiVersion &&
    changed.kind === object.kind &&
    changed.metadata.name === object.metadata.name &&
    changed.metadata.namespace === object.metadata.namespace
  if (!same) throw new ActionError(`${what} patches another object than its own: it can only create others`)
  return changed
}

function objectOf(value: unknown, what: string): KubeObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<KubeObject>
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata !== 'object') {
    throw new ActionError(`${what} returns something without apiVersion, kind or metadata`)
  }
  return value as KubeObject
}

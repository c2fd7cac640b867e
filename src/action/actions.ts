/** The actions of an object: its own by script first, then the built-in ones. */
import type { KubeObject } from '../model/index.ts'
import { ActionError, type ImpactedResource, type ResourceAction } from './action.ts'
import { builtInActions, offered } from './built-in/index.ts'
import { type CustomActionOptions, customActions } from './custom.ts'

export interface Actions {
  /** By name. Throws an ActionError when a script fails. */
  list(object: KubeObject): ResourceAction[]
  /** What is to be done; nothing has been done yet. Throws an ActionError. */
  run(object: KubeObject, name: string, parameters?: Record<string, string>): ImpactedResource[]
}

export function resourceActions(settings: Record<string, string>, options: CustomActionOptions): Actions {
  const customOf = customActions(settings, options)

  function list(object: KubeObject): ResourceAction[] {
    const custom = customOf(object)
    const own = custom?.list(object) ?? []
    const names = own.map(({ name }) => name)
    const others = !custom || custom.mergesBuiltIn ? offered(object).filter(({ name }) => !names.includes(name)) : []
    return [...own, ...others].sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  function run(object: KubeObject, name: string, parameters: Record<string, string> = {}): ImpactedResource[] {
    const own = customOf(object)?.run(object, name, parameters)
    if (own) return own
    // As in Argo CD, also where the list of a kind has been replaced.
    const builtIn = builtInActions(object).find((action) => action.name === name)
    if (!builtIn) {
      const names = list(object).map((action) => action.name)
      throw new ActionError(`${object.kind} has no action ${name}: there is ${names.join(', ') || 'none'}`)
    }
    const defaults = Object.fromEntries(
      (builtIn.params?.(object) ?? []).flatMap((entry) =>
        entry.default === undefined ? [] : [[entry.name, entry.default]],
      ),
    )
    const outcome = builtIn.run(object, { now: options.now(), parameters: { ...defaults, ...parameters } })
    return Array.isArray(outcome) ? outcome : [{ operation: 'patch', resource: outcome }]
  }

  return { list, run }
}

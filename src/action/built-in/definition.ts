/** How a built-in action is described, and the small edits that most of them are. */
import type { KubeObject } from '../../model/index.ts'
import { type ActionContext, ActionError, type ActionParameter, type ImpactedResource } from '../action.ts'

export interface ActionDefinition {
  name: string
  displayName?: string | ((object: KubeObject) => string)
  iconClass?: string
  params?(object: KubeObject): ActionParameter[]
  /** Left out of the list when it says false. */
  isOffered?(object: KubeObject): boolean
  isDisabled?(object: KubeObject): boolean
  /** The object as it shall be, or everything that is to be done. */
  run(object: KubeObject, context: ActionContext): KubeObject | ImpactedResource[]
}

/** By `group/Kind`. */
export type ActionTable = Record<string, ActionDefinition[]>

type Fields = Record<string, unknown>

/** A copy, changed. */
export function edit(object: KubeObject, change: (draft: KubeObject) => void): KubeObject {
  const draft = structuredClone(object)
  change(draft)
  return draft
}

/** The map at the path, made where it is missing. */
export function mapAt(draft: object, ...path: string[]): Fields {
  let map = draft as Fields
  for (const name of path) {
    const inner = map[name]
    if (typeof inner === 'object' && inner !== null) map = inner as Fields
    else map = map[name] = {} as Fields
  }
  return map
}

/** The value at the path, undefined where something is missing. */
export function valueAt(object: unknown, ...path: string[]): unknown {
  let value = object
  for (const name of path) value = (value as Fields | undefined | null)?.[name]
  return value
}

export function listAt(object: unknown, ...path: string[]): unknown[] {
  const value = valueAt(object, ...path)
  return Array.isArray(value) ? value : []
}

/** `2026-01-02T03:04:05Z`. */
export function timestamp(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, 'Z')
}

export function annotate(name: string, value: (context: ActionContext) => string | undefined): ActionDefinition['run'] {
  return (object, context) =>
    edit(object, (draft) => {
      const annotations = mapAt(draft, 'metadata', 'annotations')
      const text = value(context)
      if (text === undefined) delete annotations[name]
      else annotations[name] = text
    })
}

export function put(draft: object, value: unknown, ...path: string[]): void {
  const name = path[path.length - 1] ?? ''
  mapAt(draft, ...path.slice(0, -1))[name] = value
}

export function set(value: unknown, ...path: string[]): ActionDefinition['run'] {
  return (object) => edit(object, (draft) => put(draft, value, ...path))
}

/** A whole number that is not negative. Throws an ActionError. */
export function countOf({ parameters }: ActionContext, name: string): number {
  const text = parameters[name]
  if (text === undefined) throw new ActionError(`parameter ${name} is missing: give it with --param ${name}=NUMBER`)
  if (!/^\d{1,9}$/.test(text.trim())) throw new ActionError(`invalid number: ${text}`)
  return Number(text)
}

export function actionsFor(keys: string, ...actions: ActionDefinition[]): ActionTable {
  return Object.fromEntries(keys.split(' ').map((key) => [key, actions]))
}

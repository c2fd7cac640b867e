/** Objects as YAML in the order that people write it, back again, and what of them has changed. Pure. */
import { dump, load } from 'js-yaml'

const order = ['apiVersion', 'kind', 'metadata', 'type', 'spec', 'data', 'stringData', 'rules', 'status']

export interface YamlOptions {
  /** They are longer than what they are about. */
  hidesManagedFields?: boolean
  hidesStatus?: boolean
}

/** '' where there is no such object. */
export function objectYaml(
  object: unknown,
  { hidesManagedFields = true, hidesStatus = false }: YamlOptions = {},
): string {
  if (!isMap(object)) return ''
  const shown = hidesManagedFields ? withoutManagers(object) : object
  const names = Object.keys(shown).filter((name) => !(hidesStatus && name === 'status'))
  const sorted = names.sort((one, other) => place(one) - place(other))
  return dump(Object.fromEntries(sorted.map((name) => [name, shown[name]])), { lineWidth: -1, noRefs: true })
}

function place(name: string): number {
  const at = order.indexOf(name)
  // What nobody knows stands before status.
  return at < 0 ? order.length - 1.5 : at
}

function withoutManagers(object: Record<string, unknown>): Record<string, unknown> {
  if (!isMap(object.metadata)) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** Throws a YAMLException, or an Error where the text is no object. */
export function readObject(text: string): Record<string, unknown> {
  const object = load(text)
  if (!isMap(object)) throw new Error('an object begins with apiVersion and kind')
  return object
}

/** The JSON merge patch (RFC 7386) that makes `after` of `before`; undefined: they are the same. */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (!isMap(before) || !isMap(after)) return JSON.stringify(before) === JSON.stringify(after) ? undefined : after
  const patch: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!Object.hasOwn(after, name)) patch[name] = null
    else if (!Object.hasOwn(before, name)) patch[name] = after[name]
    else {
      const below = mergePatch(before[name], after[name])
      if (below !== undefined) patch[name] = below
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

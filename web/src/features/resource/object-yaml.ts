/** Objects as YAML in the order that people write it, back again, and what of them has changed. Pure. */
import { dump, load } from 'js-yaml'

const order = ['apiVersion', 'kind', 'metadata', 'type', 'spec', 'data', 'stringData', 'rules']

export interface YamlOptions {
  /** They are longer than what they are about. */
  hidesManagedFields?: boolean
  hidesStatus?: boolean
  /** What the server counts for itself: no difference of it is anybody's. */
  hidesServerFields?: boolean
}

const metadataOrder = ['name', 'generateName', 'namespace', 'labels', 'annotations']
const serverFields = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink']

/** '' where there is no such object. */
export function objectYaml(object: unknown, options: YamlOptions = {}): string {
  if (!isMap(object)) return ''
  const { hidesManagedFields = true, hidesStatus = false, hidesServerFields = false } = options
  const hidden = new Set([...(hidesManagedFields ? ['managedFields'] : []), ...(hidesServerFields ? serverFields : [])])
  const { metadata } = object
  const shown = isMap(metadata) ? { ...object, metadata: sorted(metadata, metadataOrder, hidden) } : object
  const text = sorted(shown, order, new Set(hidesStatus ? ['status'] : []))
  return dump(text, { lineWidth: -1, noRefs: true })
}

/** What nobody knows stands at the end, before status. */
function sorted(map: Record<string, unknown>, names: string[], hidden: Set<string>): Record<string, unknown> {
  const place = (name: string) =>
    name === 'status' ? names.length : names.indexOf(name) < 0 ? names.length - 0.5 : names.indexOf(name)
  const kept = Object.keys(map).filter((name) => !hidden.has(name))
  return Object.fromEntries(kept.sort((one, other) => place(one) - place(other)).map((name) => [name, map[name]]))
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

/** What a merge patch makes of an object. */
export function withPatch(before: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  const after: Record<string, unknown> = isMap(before) ? { ...before } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete after[name]
    else after[name] = withPatch(after[name], value)
  }
  return after
}

interface Versioned {
  metadata?: { resourceVersion?: string }
  status?: unknown
}

/**
 * Whether somebody has changed more of it than its status. Of what has no status the version tells, also where the values are
 * masked.
 */
export function isChanged(before: Versioned, now: Versioned): boolean {
  const shown = { hidesStatus: true, hidesServerFields: true }
  if (objectYaml(before, shown) !== objectYaml(now, shown)) return true
  return now.status === undefined && before.metadata?.resourceVersion !== now.metadata?.resourceVersion
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

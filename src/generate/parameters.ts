/** Parameters: what a generator says of one application, and what templates are filled in with. Pure. */
import { isDict, textOf } from '../template/index.ts'

export type Parameters = Record<string, unknown>

/** Every leaf under the path to it, `a.b.0`, as text. */
export function flattened(parameters: Parameters): Record<string, string> {
  const flat: Record<string, string> = {}
  const walk = (value: unknown, path: string): void => {
    const entries = Array.isArray(value) ? value.entries() : isDict(value) ? Object.entries(value) : undefined
    if (!entries) flat[path] = textOf(value)
    else for (const [key, inner] of entries) walk(inner, path === '' ? String(key) : `${path}.${key}`)
  }
  walk(parameters, '')
  return flat
}

/** `over` lies on top; dictionaries are laid into each other, and an empty list hides nothing. */
export function overlaid(under: Parameters, over: Parameters): Parameters {
  const result: Parameters = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(under, key) ? under[key] : undefined
    if (isDict(value) && isDict(below)) result[key] = overlaid(below, value)
    else if (Array.isArray(value) && value.length === 0 && Array.isArray(below)) continue
    else result[key] = value
  }
  return result
}

/** The built-in kinds for the OpenAPI documents: their paths and definitions, as they were recorded. */
import schema from '../../data/schema.json' with { type: 'json' }
import type { JsonObject } from '../../object.ts'
import { definitionsOf, type Method, type Path, parseGroupVersionKind } from './operation.ts'

interface Recorded {
  server: string
  definitions: Record<string, JsonObject>
  paths: Record<string, Record<string, string>>
}

const recorded = schema as unknown as Recorded

export const serverVersion = recorded.server

/** By bare name; `$ref` in them holds a bare name. */
export const builtinDefinitions: Readonly<Record<string, JsonObject>> = recorded.definitions

interface Named {
  group: string
  version: string
  kind: string
}

const byKind = new Map<string, string>()

function keyOf({ group, version, kind }: Named): string {
  return `${group}/${version}/${kind}`
}

/** The definition of a kind. */
export function definitionOf(gvk: Named): string | undefined {
  if (byKind.size === 0) {
    for (const [name, definition] of Object.entries(recorded.definitions)) {
      const kinds = (definition['x-kubernetes-group-version-kind'] ?? []) as unknown as Named[]
      // an options object belongs to every group; it is no kind of any
      for (const one of kinds.length === 1 ? kinds : []) byKind.set(keyOf(one), name)
    }
  }
  return byKind.get(keyOf(gvk))
}

/** `apis/apps/v1` of a path of that group version. */
export function documentOf(path: string): string {
  const parts = path.split('/').slice(1)
  return parts.slice(0, parts[0] === 'apis' ? 3 : 2).join('/')
}

/** The documents of group versions, such as `api/v1` and `apis/apps/v1`. */
export function builtinDocuments(): string[] {
  return [...new Set(Object.keys(recorded.paths).map(documentOf))]
}

/** The paths of one document, or of all. */
export function builtinPaths(document?: string): Path[] {
  return Object.entries(recorded.paths)
    .filter(([path]) => document === undefined || documentOf(path) === document)
    .map(([path, methods]) => ({ path, operations: Object.entries(methods).map(operationOf) }))
}

function operationOf([method, text]: [string, string]): Path['operations'][number] {
  const [action = '', kind = ''] = text.split(' ')
  const gvk = parseGroupVersionKind(kind)
  const object = definitionOf(gvk)
  const list = definitionOf({ ...gvk, kind: `${gvk.kind}List` })
  return { method: method as Method, action, gvk, ...definitionsOf(action, object, list) }
}

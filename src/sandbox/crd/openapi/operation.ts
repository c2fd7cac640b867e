/** Operations of OpenAPI documents, in a shape that both versions of the documents are written from. */
import type { GroupVersionKind } from '../../object.ts'

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch' | 'options' | 'head'

export interface Operation {
  method: Method
  /** What Kubernetes calls it: get, list, put, patch, post, delete, deletecollection, connect. */
  action: string
  gvk: GroupVersionKind
  /** The names of the definitions of body and answer; undefined where there is none to tell. */
  body?: string
  answer?: string
}

export interface Path {
  path: string
  operations: Operation[]
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

const listParameters = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
]
const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation']
const deleteParameters = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy']

/** The query parameters of an action. clients look at fieldValidation and dryRun to learn what the server can do. */
export const queryParameters: Record<string, string[]> = {
  list: listParameters,
  post: writeParameters,
  put: writeParameters,
  patch: [...writeParameters, 'force'],
  delete: deleteParameters,
  deletecollection: [...listParameters, ...deleteParameters],
}

const integers = new Set(['limit', 'timeoutSeconds', 'gracePeriodSeconds'])
const booleans = new Set(['watch', 'force', 'allowWatchBookmarks', 'sendInitialEvents', 'orphanDependents'])

export function parameterType(name: string): string {
  return integers.has(name) ? 'integer' : booleans.has(name) ? 'boolean' : 'string'
}

/** The parameters that stand in a path in braces. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
}

/** The definitions of body and answer of an action on objects of the definition `object`. */
export function definitionsOf(action: string, object: string | undefined, list: string | undefined) {
  switch (action) {
    case 'list':
      return { answer: list }
    case 'post':
    case 'put':
      return { body: object, answer: object }
    case 'patch':
      return { body: `${meta}.Patch`, answer: object }
    case 'delete':
    case 'deletecollection':
      return { body: `${meta}.DeleteOptions`, answer: `${meta}.Status` }
    case 'get':
      return { answer: object }
    default:
      return {}
  }
}

/** `{ group: 'apps', version: 'v1', kind: 'Deployment' }` of `apps/v1/Deployment`. */
export function parseGroupVersionKind(text: string): GroupVersionKind {
  const parts = text.split('/')
  const [kind = '', version = '', group = ''] = parts.reverse()
  return { group, version, kind }
}

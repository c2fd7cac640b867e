/** One operation of the REST API: where it is, what it takes and answers, and what its caller must be permitted. */
import type { Static, TSchema } from '../model/schema.ts'

export const resources = [
  'applications',
  'applicationsets',
  'clusters',
  'projects',
  'repositories',
  'write-repositories',
  'certificates',
  'accounts',
  'gpgkeys',
  'logs',
  'exec',
] as const
export type Resource = (typeof resources)[number]
export type Action = 'get' | 'create' | 'update' | 'delete' | 'sync' | 'rollback' | 'override' | 'action'

/**
 * `public`: anybody. `signed in`: anybody with a valid session or token. Otherwise the right that is asked for, about an
 * object that the operation names, before anything else is done.
 */
export type Permission = 'public' | 'signed in' | `${Resource}:${Action}`

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Route {
  /** Unique, such as `applications.list`. */
  id: string
  method: Method
  /** With parameters in braces; each is one segment, URL-encoded. `{name=**}` at the end is all that is left. */
  path: string
  summary: string
  permission: Permission
  query?: TSchema
  body?: TSchema
  /** Of one message, where it streams. */
  answer: TSchema
  /** Newline-delimited JSON, or server-sent events for who accepts them; each message is `{result}`. */
  streams?: true
}

/** The names in braces of a path. */
export type PathNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Wide}=**` ? Wide : Name) | PathNames<Rest>
  : never

export type ParamsOf<One extends Route> = Record<PathNames<One['path']>, string>
export type QueryOf<One extends Route> = One['query'] extends TSchema ? Static<One['query']> : Record<string, never>
export type BodyOf<One extends Route> = One['body'] extends TSchema ? Static<One['body']> : undefined
export type AnswerOf<One extends Route> = Static<One['answer']>

/** Keeps the literal types of what it is given. */
export function route<const One extends Route>(one: One): One {
  return one
}

/** Such as `['name', 'rev']` of `/applications/{name}/revisions/{rev}`. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)(?:=\*\*)?\}/g)].map(([, name]) => name ?? '')
}

/** The name of the parameter that takes all that is left of a path. */
export function wideName(path: string): string | undefined {
  return /\{(\w+)=\*\*\}$/.exec(path)?.[1]
}

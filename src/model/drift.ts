/** Where live state differs from desired state, field by field, and who made it so. */
import type { ResourceKey } from './resource-key.ts'

/** Who last wrote a field, from managedFields. */
export interface FieldAuthor {
  manager: string
  operation: 'Apply' | 'Update'
  subresource?: string
  /** RFC 3339; a manager's entry carries one time for all its fields. */
  time?: string
}

/** The rule by which a difference does not count: one of these three, and where it stands. */
export interface IgnoredBy {
  /** `spec.ignoreDifferences[0]` of the Application, or the key of argocd-cm. */
  origin: string
  jsonPointer?: string
  jqPathExpression?: string
  managedFieldsManager?: string
}

export interface FieldDrift {
  /** Such as `spec.template.spec.containers[name=web].image`. */
  path: string
  /** undefined: Git does not declare the field, and applying would remove it. */
  desired?: unknown
  /** undefined: the field is absent from the live object. */
  live?: unknown
  author?: FieldAuthor
  /** Such a difference neither makes OutOfSync nor is it undone. */
  ignoredBy?: IgnoredBy
}

/** A field that somebody has set and Git does not declare: for information, never a reason to be OutOfSync. */
export interface UndeclaredField {
  path: string
  live: unknown
  author: FieldAuthor
}

/** What a comparison of one object found. */
export type Verdict =
  | { kind: 'synced'; ignored?: FieldDrift[] }
  | { kind: 'missing' }
  /** `refused`: what the server said when it would not even try to apply the desired object. */
  | { kind: 'changed'; fields: FieldDrift[]; ignored?: FieldDrift[]; refused?: string }
  | { kind: 'extra' }
  /** The server could not say, for the reason given; shown as Unknown, never as OutOfSync. */
  | { kind: 'unknown'; reason: string }

/**
 * One object as Git has it and as the cluster has it: what `diff` on the command line answers, and the REST API. Values of
 * Secrets are masked.
 */
export interface ObjectComparison extends ResourceKey {
  /**
   * `missing`: not there yet; `extra`: there, and no longer declared; `refused`: the server would not apply it, for the
   * reason in `message`; `unknown`: nobody can say, for the reason in `message`.
   */
  verdict: 'synced' | 'missing' | 'changed' | 'extra' | 'refused' | 'unknown'
  /** What applying would change. */
  fields: FieldDrift[]
  /** What differs and does not count, each with `ignoredBy`. */
  ignored: FieldDrift[]
  /** What others have set and Git leaves open: for information. */
  undeclared: UndeclaredField[]
  message?: string
}

/** Where live state differs from desired state, field by field, and who made it so. */

/** Who last wrote a field, from managedFields. */
export interface FieldAuthor {
  manager: string
  operation: 'Apply' | 'Update'
  subresource?: string
  /** RFC 3339; a manager's entry carries one time for all its fields. */
  time?: string
}

export interface FieldDrift {
  /** Such as `spec.template.spec.containers[name=web].image`. */
  path: string
  /** undefined: Git does not declare the field, and applying would remove it. */
  desired?: unknown
  /** undefined: the field is absent from the live object. */
  live?: unknown
  author?: FieldAuthor
}

/** What a comparison of one object found. */
export type Verdict =
  | { kind: 'synced' }
  | { kind: 'missing' }
  /** `refused`: what the server said when it would not even try to apply the desired object. */
  | { kind: 'changed'; fields: FieldDrift[]; refused?: string }
  | { kind: 'extra' }
  /** The server could not say, for the reason given; shown as Unknown, never as OutOfSync. */
  | { kind: 'unknown'; reason: string }

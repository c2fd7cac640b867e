/** What the API server knows of one kind beyond its schema: defaults, rules, what may change, how it is printed. */
import type { KubeObject } from '../object.ts'
import type { FieldFault } from '../status.ts'

/** The cells of one row, and the columns they stand under, of `kubectl get`. */
export interface TableColumn {
  name: string
  type: string
  format: string
  description: string
  /** 0 is always shown, 1 only with -o wide. */
  priority: number
  cell(object: KubeObject, now: Date): string | number | boolean | null
}

export interface Kind {
  /** Fills in what the server fills in; changes `object`. Called on create, update and on apply's result. */
  setDefaults?(object: KubeObject, old?: KubeObject): void
  /** Drops what a client may not set on create (status, allocated fields) and allocates what the server allocates. */
  prepareForCreate?(object: KubeObject): void
  /** Carries over what a client may not change on the main resource; `old` is the stored object. */
  prepareForUpdate?(object: KubeObject, old: KubeObject): void
  /** The same for an update of the status subresource: everything but status comes from `old`. */
  prepareForStatusUpdate?(object: KubeObject, old: KubeObject): void
  /** Faults of a new object, in the server's order. */
  validate?(object: KubeObject): FieldFault[]
  /** Faults of a change, in the server's order; includes those of `validate` where the server checks both. */
  validateUpdate?(object: KubeObject, old: KubeObject): FieldFault[]
  /** True when the change from `old` makes metadata.generation grow; absent: the kind has no generation. */
  generationGrows?(object: KubeObject, old: KubeObject): boolean
  /** Warnings for the Warning header. */
  warnings?(object: KubeObject): string[]
  /** The finalizer-free grace period of a delete in seconds; absent or 0: removed at once. */
  gracePeriod?(object: KubeObject, asked: number | undefined): number
  columns?: TableColumn[]
}

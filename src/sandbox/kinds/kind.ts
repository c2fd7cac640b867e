/** What the API server knows of one kind beyond its schema: defaults, rules, what may change, how it is printed. */
import type { ListQuery, Reference, ResourceName } from '../controllers/controller.ts'
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

/** What is wrong with a name, as sentences; `generated` is true for a generateName, which may end in a dash. */
export type NameRule = (name: string, generated?: boolean) => string[]

/** What allocation and admission may ask of the cluster: the reading half of ControllerClient. */
export interface ClusterView {
  get(reference: Reference): KubeObject | undefined
  list(resource: ResourceName, query?: ListQuery): KubeObject[]
}

/**
 * Order of a write: decode, setDefaults, managed fields, mutating admission (`mutate`), prepareFor…, generation,
 * validateMetadata with validate or validateUpdate, allocate, validating admission (`check`), store. Managed fields come
 * second, so what later steps fill in (tolerations, a Job's selector, a Service's addresses) is owned by nobody.
 */
export interface Kind {
  /** Absent: a DNS subdomain. */
  nameRule?: NameRule
  /** Fills in what the server fills in; changes `object`. Called on create, update and on apply's result, right after decoding. */
  setDefaults?(object: KubeObject, old?: KubeObject): void
  /** Drops what a client may not set on create (status, generation); uid and creationTimestamp are set before. */
  prepareForCreate?(object: KubeObject): void
  /** Carries over what a client may not change on the main resource; `old` is the stored object. */
  prepareForUpdate?(object: KubeObject, old: KubeObject): void
  /** The same for an update of the status subresource: everything but status comes from `old`. */
  prepareForStatusUpdate?(object: KubeObject, old: KubeObject): void
  /** Faults of a new object, in the server's order. */
  validate?(object: KubeObject): FieldFault[]
  /** Faults of a change, in the server's order; includes those of `validate` where the server checks both. */
  validateUpdate?(object: KubeObject, old: KubeObject): FieldFault[]
  /** The same for an update of the status subresource; absent: `validateUpdate` is asked. */
  validateStatusUpdate?(object: KubeObject, old: KubeObject): FieldFault[]
  /** Gives out addresses and ports after validation; throws a StatusError (422) when they can't be had. */
  allocate?(object: KubeObject, old: KubeObject | undefined, cluster: ClusterView): void
  /** True when the change from `old` makes metadata.generation grow; absent: the kind has no generation. */
  generationGrows?(object: KubeObject, old: KubeObject): boolean
  /** Warnings for the Warning header, of a create (`old` absent) or an update. */
  warnings?(object: KubeObject, old?: KubeObject): string[]
  /** A warning that every request to the resource gets, reads included. */
  deprecation?: string
  /** Notes on an object that it is going to be deleted; may add a finalizer that keeps it until then. */
  markForDeletion?(object: KubeObject, now: string): void
  /** The finalizer-free grace period of a delete in seconds; absent or 0: removed at once. */
  gracePeriod?(object: KubeObject, asked: number | undefined): number
  /** What a delete that names no propagation policy does; absent: Background. */
  defaultPropagation?: { policy: 'Orphan'; warning: string }
  /** True: a PUT of a missing object creates it. */
  createsOnUpdate?: boolean
  /** True: a PUT must carry metadata.resourceVersion. */
  needsResourceVersion?: boolean
  /**
   * Fields that a fieldSelector may name besides metadata.name and metadata.namespace, with the object's values.
   * Absent: none, and a stray one is refused with "… is not a known field selector"; present: "field label not supported: …".
   */
  selectableFields?(object: KubeObject): Record<string, string>
  columns?: TableColumn[]
  /** What a 422 calls the kind, where it is not the kind of the request: an Event of events.k8s.io is a core Event. */
  reportedAs?: { group?: string; kind: string }
}

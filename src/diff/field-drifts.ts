/** What applying would change in a live object, field by field, and who made each field what it is. */
import {
  type FieldAuthor,
  type FieldDrift,
  isSecret,
  type KubeObject,
  type ManagedFieldsEntry,
} from '../model/index.ts'
import { abandonedFields } from './abandoned.ts'
import { blame, blameRemoval, isOurs, owns } from './blame.ts'
import { compare, type Difference } from './compare.ts'
import { type FieldPath, type FieldsV1, fieldPathText, isMap } from './field-path.ts'
import { maskFields } from './mask-secret.ts'

export interface DriftInput {
  /** Normalised, with its tracking annotation: what was sent to the server for `predicted`. */
  desired: KubeObject
  /** With full managedFields: from them come the keys of lists and the authors. */
  live: KubeObject
  /** The server's answer to a dry-run of applying `desired`. */
  predicted: KubeObject
  /** Those of `live`, where they are not in it. */
  managedFields?: ManagedFieldsEntry[]
  /**
   * True when this same desired state has been seen in sync before. Then a field that is missing was removed by somebody,
   * who is named where that can be told; otherwise Git may have just added it, and nobody is.
   */
  wasSynced?: boolean
  /** Counts also what admission webhooks would change in fields that Git does not declare. */
  includeMutations?: boolean
  /** Annotations whose values are secret, where the object is a Secret. */
  maskedAnnotations?: readonly string[]
}

/** Empty when applying would change nothing. Values of Secrets are masked. */
export function fieldDrifts(input: DriftInput): FieldDrift[] {
  const { desired, live, predicted, includeMutations = false } = input
  const managedFields = input.managedFields ?? live.metadata.managedFields ?? []
  const predictedFields = predicted.metadata.managedFields ?? []
  const sets = [...managedFields, ...predictedFields].map((entry) => entry.fieldsV1).filter((set) => set !== undefined)
  const ours = [...managedFields, ...predictedFields].filter(isOurs)
  const changes = compare(comparable(live), comparable(predicted), sets).filter(
    ({ path }) => includeMutations || ours.length === 0 || ours.some((entry) => owns(entry.fieldsV1 ?? {}, path)),
  )
  const dropped = droppedFields({ ...input, managedFields, changes })
  const drifts = [...changes, ...dropped].map((change) => driftOf(change, { ...input, managedFields }))
  return isSecret(desired) ? maskFields(drifts, input.maskedAnnotations) : drifts
}

/** Every difference between two states, masked as `fieldDrifts` does it. `managedFields`: of the live object. */
export function differencesAsDrifts({
  live,
  desired,
  managedFields = [],
  maskedAnnotations,
}: Pick<DriftInput, 'live' | 'desired' | 'managedFields' | 'maskedAnnotations'>): FieldDrift[] {
  const sets = managedFields.map((entry) => entry.fieldsV1).filter((set) => set !== undefined)
  const drifts = compare(comparable(live), comparable(desired), sets).map((change) =>
    driftOf(change, { managedFields }),
  )
  return isSecret(desired) ? maskFields(drifts, maskedAnnotations) : drifts
}

/** What a dry-run does not show as removed, but a sync would remove. */
function droppedFields(
  input: DriftInput & { managedFields: ManagedFieldsEntry[]; changes: Difference[] },
): Difference[] {
  const { desired, live, managedFields, changes } = input
  const told = new Set(changes.map(({ path }) => fieldPathText(path)))
  const owned = { ...live, metadata: { ...live.metadata, managedFields } }
  return abandonedFields(desired, owned)
    .map((path) => ({ path, from: valueAt(live, path), to: undefined }))
    .filter(({ path, from }) => from !== undefined && !told.has(fieldPathText(path)))
}

function valueAt(object: unknown, path: FieldPath): unknown {
  let value = object
  for (const element of path) value = isMap(value) && typeof element === 'string' ? value[element] : undefined
  return value
}

function comparable(object: KubeObject): FieldsV1 {
  const { apiVersion: _apiVersion, kind: _kind, status: _status, metadata, ...rest } = object
  const { labels, annotations, finalizers, ownerReferences } = metadata
  return { metadata: { labels, annotations, finalizers, ownerReferences }, ...rest }
}

type Blamed = Pick<DriftInput, 'wasSynced'> & { managedFields: ManagedFieldsEntry[] }

function driftOf({ path, from, to }: Difference, { managedFields, wasSynced }: Blamed): FieldDrift {
  const author = authorOf({ path, from, to }, { managedFields, wasSynced })
  return {
    path: fieldPathText(path),
    ...(to !== undefined && { desired: to }),
    ...(from !== undefined && { live: from }),
    ...(author && { author }),
  }
}

function authorOf({ path, from }: Difference, { managedFields, wasSynced }: Blamed): FieldAuthor | undefined {
  if (from !== undefined) return blame(managedFields, path)
  return wasSynced ? blameRemoval(managedFields, path) : undefined
}

/** Who wrote a field, as managedFields tell it. */
import {
  type FieldAuthor,
  fieldManager,
  type KubeObject,
  type ManagedFieldsEntry,
  stringifyJson,
} from '../model/index.ts'
import { type FieldPath, type FieldPathElement, type FieldsV1, isLeaf, ownedField, ownedItems } from './field-path.ts'

/**
 * The author of a field's present value: of the managers that own the field, or an atomic map or list around it, or
 * parts of it, the one that wrote last, and any other before our own. undefined when nobody owns it, as with a value
 * that the server filled in.
 */
export function blame(managedFields: ManagedFieldsEntry[] | undefined, path: FieldPath): FieldAuthor | undefined {
  const owners = (managedFields ?? []).filter((entry) => entry.fieldsV1 && owns(entry.fieldsV1, path))
  const [last] = owners.sort((a, b) => Number(isOurs(a)) - Number(isOurs(b)) || compareTimes(b, a))
  return last && authorOf(last)
}

/**
 * The author of a removal. A field that is gone stands in nobody's field set; what is left is who has written to the
 * object since our own last apply. Only where that leaves one, or one who also wrote beside the field, is it told. Ask
 * only about a field that is known to have been there.
 */
export function blameRemoval(
  managedFields: ManagedFieldsEntry[] | undefined,
  path: FieldPath,
): FieldAuthor | undefined {
  const entries = managedFields ?? []
  const applied = entries.find(isOurs)?.time ?? ''
  // A subresource gives no way to remove a declared field.
  const suspects = entries.filter((entry) => !isOurs(entry) && !entry.subresource && (entry.time ?? applied) >= applied)
  const [only, ...others] = suspects
  if (!only || others.length === 0) return only && authorOf(only)
  for (let depth = path.length - 1; depth > 0; depth--) {
    const near = suspects.filter((entry) => owns(entry.fieldsV1 ?? {}, path.slice(0, depth)))
    const [first, ...more] = near
    if (first) return more.length === 0 ? authorOf(first) : undefined
  }
  return undefined
}

/** Does this field set hold the path, a whole around it, or something below it? */
export function owns(fields: FieldsV1, path: FieldPath): boolean {
  let node: FieldsV1 | undefined = fields
  for (const [depth, element] of path.entries()) {
    if (depth > 0 && isLeaf(node)) return true
    node = childOf(node, element)
    if (!node) return false
  }
  return true
}

function childOf(node: FieldsV1, element: FieldPathElement): FieldsV1 | undefined {
  if (typeof element === 'string') return ownedField(node, element)
  if (typeof element === 'number') return node[`i:${element}`] as FieldsV1 | undefined
  if ('value' in element) return node[`v:${stringifyJson(element.value)}`] as FieldsV1 | undefined
  const wanted = Object.entries(element.key)
  return ownedItems(node)?.find(({ key }) => wanted.every(([name, value]) => key[name] === value))?.owned
}

/** What our manager has applied; undefined when it has not. */
export function ownedByUs(live: KubeObject): FieldsV1 | undefined {
  return live.metadata.managedFields?.find(isOurs)?.fieldsV1
}

export function isOurs(entry: ManagedFieldsEntry): boolean {
  return entry.manager === fieldManager && entry.operation === 'Apply' && !entry.subresource
}

function compareTimes(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (a.time ?? '') < (b.time ?? '') ? -1 : 1
}

function authorOf({ manager, operation, subresource, time }: ManagedFieldsEntry): FieldAuthor {
  return { manager, operation, ...(subresource && { subresource }), ...(time && { time }) }
}

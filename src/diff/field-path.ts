/** Where a field is within an object, in the terms of managedFields. */

export type FieldsV1 = Record<string, unknown>

/** A field's name, a place in an atomic list, an item of a list with keys, or a member of a set. */
export type FieldPathElement = string | number | { key: Record<string, unknown> } | { value: unknown }

export type FieldPath = FieldPathElement[]

/** Such as `spec.template.spec.containers[name=web].image`, `metadata.annotations['example.com/a']`, `args[1]`. */
export function fieldPathText(path: FieldPath): string {
  let text = ''
  for (const element of path) {
    if (typeof element === 'number') text += `[${element}]`
    else if (typeof element !== 'string') text += `[${elementText(element)}]`
    else if (!/^[\w$-]+$/.test(element)) text += `['${element}']`
    else text += text === '' ? element : `.${element}`
  }
  return text
}

function elementText(element: { key: Record<string, unknown> } | { value: unknown }): string {
  if ('value' in element) return String(element.value)
  return Object.entries(element.key)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
}

/** The part of a field set below one field. */
export function ownedField(owned: FieldsV1 | undefined, name: string): FieldsV1 | undefined {
  return owned?.[`f:${name}`] as FieldsV1 | undefined
}

/** The items of a list with keys that a field set names; undefined when the set names none. */
export function ownedItems(owned: FieldsV1): { key: Record<string, unknown>; owned: FieldsV1 }[] | undefined {
  const items = Object.entries(owned)
    .filter(([name]) => name.startsWith('k:'))
    .map(([name, node]) => ({ key: JSON.parse(name.slice(2)) as Record<string, unknown>, owned: node as FieldsV1 }))
  return items.length > 0 ? items : undefined
}

/** The members of a set that a field set names; undefined when it names none. */
export function ownedMembers(owned: FieldsV1): unknown[] | undefined {
  const members = Object.keys(owned)
    .filter((name) => name.startsWith('v:'))
    .map((name) => JSON.parse(name.slice(2)) as unknown)
  return members.length > 0 ? members : undefined
}

/** True for a node that names nothing below itself: a scalar, or a map or list that is owned as a whole. */
export function isLeaf(owned: FieldsV1): boolean {
  return !Object.keys(owned).some((name) => name !== '.')
}

export function hasKey(item: unknown, key: Record<string, unknown>): boolean {
  return isMap(item) && Object.entries(key).every(([name, value]) => item[name] === value)
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An empty map or list. */
export function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Checks an applied configuration against its type, with the texts of the server's typed values. */
import type { Json, JsonObject } from '../object.ts'
import { elementText } from './field-set.ts'
import { goFormat, goSyntax } from './go-text.ts'
import { ItemError, itemElement } from './list-item.ts'
import { isObject, shapeOf } from './shape.ts'
import { memberType, type Type } from './type.ts'

export interface TypeFault {
  path: string
  message: string
}

export interface CheckOptions {
  /** Items of one list may share a key, as those of stored objects may. */
  allowDuplicates?: boolean
}

/** Where `value` is not of `type`. */
export function check(value: Json | undefined, type: Type, options: CheckOptions = {}): TypeFault[] {
  const faults: TypeFault[] = []
  visit({ value, type, path: '', faults, options })
  return faults
}

/** The faults as the server words them: one as such, several under a heading. */
export function faultText(faults: TypeFault[]): string {
  const texts = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return texts.length === 1 ? (texts[0] as string) : ['errors:', ...texts.map((text) => `  ${text}`)].join('\n')
}

interface Visit {
  value: Json | undefined
  type: Type
  path: string
  faults: TypeFault[]
  options: CheckOptions
}

function visit(at: Visit): void {
  const { value, type } = at
  const shape = type.shape === 'any' ? shapeOf(value) : type.shape
  if (value === null || value === undefined) {
    return
  }
  if (shape === 'struct' || shape === 'map') {
    if (isObject(value)) {
      visitMembers(at, value)
    } else {
      fault(at, `expected map, got &{${goFormat(value)}}`)
    }
  } else if (shape === 'list') {
    if (Array.isArray(value)) {
      visitItems(at, value)
    } else {
      fault(at, `expected list, got &{${goFormat(value)}}`)
    }
  } else {
    const message = scalarFault(type, value)
    if (message !== undefined) {
      fault(at, message)
    }
  }
}

function fault({ path, faults }: Visit, message: string): void {
  faults.push({ path, message })
}

function scalarFault({ scalar }: Type, value: Json): string | undefined {
  switch (scalar) {
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`
    case 'integer':
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint'
        ? undefined
        : `expected numeric (int or float), got ${goTypeOf(value)}`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goFormat(value)}}`
    default:
      return typeof value === 'object' ? `expected any scalar, got &{${goFormat(value)}}` : undefined
  }
}

function goTypeOf(value: Json): string {
  if (Array.isArray(value)) {
    return '[]interface {}'
  }
  return typeof value === 'object' ? 'map[string]interface {}' : typeof value === 'boolean' ? 'bool' : 'string'
}

/** As the server does, stops at the first undeclared field of a level. */
function visitMembers(at: Visit, value: JsonObject): void {
  for (const key in value) {
    const member = value[key]
    if (member === undefined) {
      continue
    }
    const type = memberType(at.type, key)
    const path = `${at.path}.${key}`
    if (!type) {
      at.faults.push({ path, message: 'field not declared in schema' })
      return
    }
    visit({ ...at, value: member, type, path })
  }
}

function visitItems(at: Visit, items: Json[]): void {
  const { type, path, options } = at
  const seen = new Set<string>()
  for (const [index, item] of items.entries()) {
    let element = `i:${index}`
    if (type.shape === 'list' && !type.atomic) {
      try {
        element = itemElement(type, item)
      } catch (error) {
        if (!(error instanceof ItemError)) {
          throw error
        }
        fault(at, `element ${index}: ${error.message}`)
        return
      }
      if (seen.has(element) && !options.allowDuplicates) {
        fault(at, `duplicate entries for key ${elementText(element)}`)
      }
      seen.add(element)
    }
    if (type.element) {
      visit({ ...at, value: item, type: type.element, path: path + elementText(element) })
    }
  }
}

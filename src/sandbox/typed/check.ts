/** Checks an applied configuration against its type, with the texts of the server's typed values. */
import type { Json, JsonObject } from '../object.ts'
import { elementText, pathText } from './field-set.ts'
import { goFormat, goSyntax } from './go-text.ts'
import { ItemError, itemElement } from './list-item.ts'
import { isObject, shapeOf } from './shape.ts'
import { anyType, memberType, type Type } from './type.ts'

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
  const walk = new CheckWalk(options)
  walk.visit(value, type)
  return walk.faults
}

/** The faults as the server words them: one as such, several under a heading. */
export function faultText(faults: TypeFault[]): string {
  const texts = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return texts.length === 1 ? (texts[0] as string) : ['errors:', ...texts.map((text) => `  ${text}`)].join('\n')
}

class CheckWalk {
  readonly faults: TypeFault[] = []
  readonly #path: string[] = []
  readonly #options: CheckOptions

  constructor(options: CheckOptions) {
    this.#options = options
  }

  visit(value: Json | undefined, type: Type): void {
    if (value === null || value === undefined) {
      return
    }
    const shape = type.shape === 'any' ? shapeOf(value) : type.shape
    if (shape === 'struct' || shape === 'map') {
      if (isObject(value)) {
        this.#members(value, type)
      } else {
        this.#fault(`expected map, got &{${goFormat(value)}}`)
      }
    } else if (shape === 'list') {
      if (Array.isArray(value)) {
        this.#items(value, type)
      } else {
        this.#fault(`expected list, got &{${goFormat(value)}}`)
      }
    } else {
      const message = scalarFault(type, value)
      if (message !== undefined) {
        this.#fault(message)
      }
    }
  }

  #fault(message: string): void {
    this.faults.push({ path: pathText(this.#path), message })
  }

  #descend(element: string, value: Json, type: Type): void {
    this.#path.push(element)
    this.visit(value, type)
    this.#path.pop()
  }

  /** As the server does, stops at the first undeclared field of a level. */
  #members(value: JsonObject, type: Type): void {
    for (const key in value) {
      const member = value[key]
      if (member === undefined) {
        continue
      }
      const of = memberType(type, key)
      if (!of) {
        this.faults.push({ path: `${pathText(this.#path)}.${key}`, message: 'field not declared in schema' })
        return
      }
      this.#descend(`f:${key}`, member, of)
    }
  }

  #items(items: Json[], type: Type): void {
    const merges = type.shape === 'list' && !type.atomic
    const seen = new Set<string>()
    for (const [index, item] of items.entries()) {
      const element = merges ? this.#itemElement(item, index, type) : `i:${index}`
      if (element === undefined) {
        return
      }
      if (merges && seen.has(element) && !this.#options.allowDuplicates) {
        this.#fault(`duplicate entries for key ${elementText(element)}`)
      }
      seen.add(element)
      this.#descend(element, item, type.element ?? anyType)
    }
  }

  #itemElement(item: Json, index: number, type: Type): string | undefined {
    try {
      return itemElement(type, item)
    } catch (error) {
      if (!(error instanceof ItemError)) {
        throw error
      }
      this.#fault(`element ${index}: ${error.message}`)
      return undefined
    }
  }
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

/** Walks a value along its type: checks it, drops what Go would drop and adds what Go always writes. */
import type { Json, JsonObject } from '../object.ts'
import { jsonTypeOf } from './body.ts'
import { canonicalMicroTime, canonicalTime, TimeSyntaxError } from './go-time.ts'
import { toJson } from './json.ts'
import { setMember } from './json-reader.ts'
import { quantityFault } from './quantity-syntax.ts'
import { isObject } from './shape.ts'
import type { Field, Type } from './type.ts'
import { complete, isWritten, nullElement } from './zero-value.ts'

/** A value cannot be held by its type; the message is that of Go's decoder. */
export class DecodeError extends Error {}

export class TypedReader {
  /** Paths of undeclared fields in the order of the value, such as `spec.containers[0].imagePullPolice`. */
  readonly unknown: string[] = []
  readonly #path: (string | number)[] = []
  /** The names of the Go fields on the way, and the struct of the last one. */
  readonly #goPath: string[] = []
  #struct = ''
  /** Of a custom resource its own schema says later what is dropped. */
  #keepsUnknown = false

  /** The first value of a wrong type; Go reads on after it, and what stops it later is told instead. */
  #wrong: DecodeError | undefined

  /** Throws a DecodeError. */
  object(value: JsonObject, type: Type): JsonObject {
    this.#keepsUnknown = type.custom === true
    const result = this.#members(value, type)
    if (this.#wrong) {
      throw this.#wrong
    }
    return result
  }

  #value(value: Json, type: Type, goName: string): Json {
    switch (type.shape) {
      case 'struct':
        return this.#held(type, isObject(value) ? this.#members(value, type) : undefined, value, goName)
      case 'map':
        return this.#held(type, isObject(value) ? this.#map(value, type, goName) : undefined, value, goName)
      case 'list':
        return this.#held(type, Array.isArray(value) ? this.#list(value, type, goName) : undefined, value, goName)
      case 'scalar':
        return type.custom ? value : this.#scalar(value, type, goName)
      default:
        return value
    }
  }

  /** A custom resource is checked later, by its own schema. */
  #held(type: Type, read: Json | undefined, value: Json, goName: string): Json {
    return read ?? (type.custom ? value : this.#refuse(value, goName))
  }

  #wrongType(what: string, goName: string): DecodeError {
    const where = this.#struct === '' ? 'Go value' : `Go struct field ${this.#struct}.${this.#goPath.join('.')}`
    return new DecodeError(`json: cannot unmarshal ${what} into ${where} of type ${goTypeText(goName)}`)
  }

  /** Notes a value of a wrong type and leaves it unread. */
  #note(error: DecodeError): null {
    this.#wrong ??= error
    return null
  }

  #members(value: JsonObject, type: Type): JsonObject {
    const result: JsonObject = {}
    const outer = this.#struct
    for (const key in value) {
      const member = value[key]
      if (member === undefined) {
        continue
      }
      const field = type.fields?.get(key)
      this.#path.push(key)
      if (field) {
        this.#struct = type.name ?? outer
        this.#member(result, field, member)
      } else if (this.#keepsUnknown) {
        setMember(result, key, member)
      } else {
        this.unknown.push(pathText(this.#path))
      }
      this.#path.pop()
    }
    this.#struct = outer
    return type.custom ? result : complete(result, type)
  }

  #member(result: JsonObject, field: Field, member: Json): void {
    const { name, type, go } = field
    if (member === null) {
      if (type.custom || (!go && type.shape === 'any')) {
        result[name] = null
      }
      return
    }
    const read = go || !this.#keepsUnknown ? this.#field(field, member) : this.#value(member, type, goNameOf(type))
    if (!go || isWritten(go, read)) {
      result[name] = read
    }
  }

  #field({ name, type, go }: Field, member: Json): Json {
    const depth = this.#goPath.length
    this.#goPath.push(...(go?.embedded ?? []), name)
    const read = this.#value(member, type, go?.name ?? goNameOf(type))
    this.#goPath.length = depth
    return read
  }

  #map(value: JsonObject, type: Type, goName: string): JsonObject {
    const result: JsonObject = {}
    const { element } = type
    const elementName = goName.slice(goName.indexOf(']') + 1)
    for (const key in value) {
      const member = value[key]
      if (member === undefined) {
        continue
      }
      if (!element || element.shape === 'any') {
        setMember(result, key, member)
        continue
      }
      this.#path.push(key)
      setMember(result, key, member === null ? nullElement(element) : this.#value(member, element, elementName))
      this.#path.pop()
    }
    return result
  }

  #list(value: Json[], type: Type, goName: string): Json[] {
    const { element } = type
    if (!element || element.shape === 'any') {
      return value
    }
    const elementName = goName.replace(/^\*?\[\]/, '')
    return value.map((item, index) => {
      this.#path.push(index)
      const read = item === null ? nullElement(element) : this.#value(item, element, elementName)
      this.#path.pop()
      return read
    })
  }

  #scalar(value: Json, type: Type, goName: string): Json {
    switch (type.format) {
      case 'quantity':
        return this.#quantity(value)
      case 'int-or-string':
        return typeof value === 'string' ? value : this.#strictInteger(value)
      case 'date-time':
        return this.#time(value, canonicalTime)
      case 'micro-time':
        return this.#time(value, canonicalMicroTime)
      case 'byte':
        return this.#bytes(value, goName)
    }
    switch (type.scalar) {
      case 'integer':
        return this.#integer(value, goName, type.format ?? 'int64')
      case 'number':
        return typeof value === 'number' || typeof value === 'bigint' ? value : this.#refuse(value, goName)
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#refuse(value, goName)
      default:
        return typeof value === 'string' ? value : this.#refuse(value, goName)
    }
  }

  #refuse(value: Json, goName: string): null {
    return this.#note(this.#wrongType(jsonTypeOf(value), goName))
  }

  #integer(value: Json, goName: string, format: string): Json {
    if (typeof value !== 'number' && typeof value !== 'bigint') {
      return this.#refuse(value, goName)
    }
    return fits(value, format) ? value : this.#note(this.#wrongType(`number ${value}`, goName))
  }

  /** What reads itself stops at once. */
  #strictInteger(value: Json): Json {
    const isNumber = typeof value === 'number' || typeof value === 'bigint'
    if (!isNumber || !fits(value, 'int32')) {
      throw this.#wrongType(isNumber ? `number ${value}` : jsonTypeOf(value), 'int32')
    }
    return value
  }

  /** Whatever is no text is read by the text of its JSON. */
  #quantity(value: Json): Json {
    const text = typeof value === 'string' ? value : toJson(value)
    const fault = quantityFault(text)
    if (fault !== undefined) {
      throw new DecodeError(fault)
    }
    return text
  }

  #time(value: Json, canonical: (text: string) => string): Json {
    if (typeof value !== 'string') {
      throw this.#wrongType(jsonTypeOf(value), 'string')
    }
    try {
      return canonical(value)
    } catch (error) {
      throw error instanceof TimeSyntaxError ? new DecodeError(error.message) : error
    }
  }

  /** A list of numbers is taken as bytes, too. */
  #bytes(value: Json, goName: string): Json {
    if (Array.isArray(value)) {
      const bytes = value.map((byte) => (byte === null ? 0 : this.#integer(byte, 'uint8', 'uint8')))
      return Buffer.from(bytes as number[]).toString('base64')
    }
    if (typeof value !== 'string') {
      return this.#refuse(value, goName)
    }
    const at = base64Fault(value)
    return at === undefined ? value : this.#note(new DecodeError(`illegal base64 data at input byte ${at}`))
  }
}

const ranges: Record<string, readonly [bigint, bigint]> = {
  uint8: [0n, 2n ** 8n],
  int32: [-(2n ** 31n), 2n ** 31n],
  int64: [-(2n ** 63n), 2n ** 63n],
}

function fits(value: number | bigint, format: string): boolean {
  const [from, to] = ranges[format] ?? (ranges.int64 as readonly [bigint, bigint])
  return (typeof value === 'bigint' || Number.isInteger(value)) && BigInt(value) >= from && BigInt(value) < to
}

/** Reflect's name for what a pointer points to. */
function goTypeText(goName: string): string {
  return goName.replace(/^\*/, '').replace(/\[\]byte$/, '[]uint8')
}

function goNameOf({ scalar, format }: Type): string {
  return scalar === 'integer' ? (format ?? 'int64') : scalar === 'boolean' ? 'bool' : (scalar ?? 'interface {}')
}

/** Where a text stops being padded standard base64; line breaks do not count. */
function base64Fault(text: string): number | undefined {
  const plain = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, '') : text
  const valid = /^[A-Za-z0-9+/]*/.exec(plain)?.[0].length ?? 0
  const rest = plain.slice(valid)
  if (rest === '') {
    return valid % 4 === 0 ? undefined : valid - (valid % 4)
  }
  return (rest === '=' && valid % 4 === 3) || (rest === '==' && valid % 4 === 2) ? undefined : valid
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')
}

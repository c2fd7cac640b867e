/** Reads JSON as Go does: exact integers, duplicate keys noted, and Go's words for what is wrong. */
import type { Json, JsonObject } from '../object.ts'
import { goQuote } from './go-text.ts'

/** The text is not JSON; the message is Go's. */
export class JsonSyntaxError extends Error {}

export interface Duplicate {
  /** Such as `spec.containers[0].name`. */
  path: string
  key: string
  /** Where in the text the later key stands. */
  offset: number
}

export interface JsonReading {
  value: Json
  /** Keys given more than once in one object; the last one counts. */
  duplicates: Duplicate[]
}

/** Throws a JsonSyntaxError. */
export function readJson(text: string): JsonReading {
  const reader = new JsonReader(text)
  const value = reader.document()
  return { value, duplicates: reader.duplicates }
}

/** The walks over values are recursive, so nesting is limited far below what the stack holds. */
const maximumDepth = 1_000

class JsonReader {
  readonly duplicates: Duplicate[] = []
  readonly #text: string
  #at = 0
  readonly #path: (string | number)[] = []

  constructor(text: string) {
    this.#text = text
  }

  document(): Json {
    const value = this.#value()
    this.#space()
    if (this.#at < this.#text.length) {
      throw this.#invalid('after top-level value')
    }
    return value
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
        return
      }
      this.#at++
    }
  }

  #value(): Json {
    this.#space()
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object()
      case 0x5b:
        return this.#array()
      case 0x22:
        return this.#string()
      case 0x74:
        return this.#literal('true', true)
      case 0x66:
        return this.#literal('false', false)
      case 0x6e:
        return this.#literal('null', null)
      default:
        return this.#number()
    }
  }

  #object(): JsonObject {
    const object: JsonObject = {}
    this.#at++
    this.#space()
    if (this.#text.charCodeAt(this.#at) === 0x7d) {
      this.#at++
      return object
    }
    this.#deeper()
    for (;;) {
      this.#space()
      if (this.#text.charCodeAt(this.#at) !== 0x22) {
        throw this.#invalid('looking for beginning of object key string')
      }
      const offset = this.#at
      const key = this.#string()
      this.#space()
      if (this.#text.charCodeAt(this.#at) !== 0x3a) {
        throw this.#invalid('after object key')
      }
      this.#at++
      this.#path[this.#path.length - 1] = key
      if (object[key] !== undefined && Object.hasOwn(object, key)) {
        this.duplicates.push({ path: pathText(this.#path), key, offset })
      }
      setMember(object, key, this.#value())
      if (this.#ends(0x7d, 'after object key:value pair')) {
        return object
      }
    }
  }

  #array(): Json[] {
    const array: Json[] = []
    this.#at++
    this.#space()
    if (this.#text.charCodeAt(this.#at) === 0x5d) {
      this.#at++
      return array
    }
    this.#deeper()
    for (;;) {
      this.#path[this.#path.length - 1] = array.length
      array.push(this.#value())
      if (this.#ends(0x5d, 'after array element')) {
        return array
      }
    }
  }

  #deeper(): void {
    if (this.#path.push('') > maximumDepth) {
      throw new JsonSyntaxError('exceeded max depth')
    }
  }

  /** Passes a comma or the closing bracket; true when it was the latter. */
  #ends(closing: number, context: string): boolean {
    this.#space()
    const code = this.#text.charCodeAt(this.#at)
    if (code !== closing && code !== 0x2c) {
      throw this.#invalid(context)
    }
    this.#at++
    if (code === closing) {
      this.#path.pop()
    }
    return code === closing
  }

  #string(): string {
    const start = this.#at + 1
    let end = this.#text.indexOf('"', start)
    if (end < 0) {
      end = this.#text.length
    }
    const plain = this.#text.slice(start, end)
    if (end < this.#text.length && !special.test(plain)) {
      this.#at = end + 1
      return plain
    }
    return this.#escapedString(start)
  }

  #escapedString(start: number): string {
    let at = start
    for (;;) {
      const code = this.#text.charCodeAt(at)
      if (Number.isNaN(code)) {
        throw new JsonSyntaxError('unexpected end of JSON input')
      }
      if (code === 0x22) {
        break
      }
      if (code < 0x20) {
        throw invalidCharacter(this.#text.charAt(at), 'in string literal')
      }
      at = code === 0x5c ? this.#escape(at + 1) : at + 1
    }
    this.#at = at + 1
    return JSON.parse(this.#text.slice(start - 1, this.#at)) as string
  }

  #escape(at: number): number {
    const character = this.#text.charAt(at)
    if (character === 'u') {
      for (let digit = at + 1; digit <= at + 4; digit++) {
        this.#expect(digit, /[0-9a-fA-F]/, 'in \\u hexadecimal character escape')
      }
      return at + 5
    }
    this.#expect(at, /["\\/bfnrt]/, 'in string escape code')
    return at + 1
  }

  #expect(at: number, pattern: RegExp, context: string): void {
    const character = this.#text.charAt(at)
    if (character === '') {
      throw new JsonSyntaxError('unexpected end of JSON input')
    }
    if (!pattern.test(character)) {
      throw invalidCharacter(character, context)
    }
  }

  #literal<T>(word: string, value: T): T {
    for (let index = 1; index < word.length; index++) {
      const character = this.#text.charAt(this.#at + index)
      if (character === '') {
        throw new JsonSyntaxError('unexpected end of JSON input')
      }
      if (character !== word.charAt(index)) {
        throw invalidCharacter(character, `in literal ${word} (expecting '${word.charAt(index)}')`)
      }
    }
    this.#at += word.length
    return value
  }

  #number(): number | bigint {
    const start = this.#at
    if (this.#text.charAt(this.#at) === '-') {
      this.#at++
      this.#expect(this.#at, /\d/, 'in numeric literal')
    } else if (!isDigit(this.#text.charCodeAt(start))) {
      throw this.#invalid('looking for beginning of value')
    }
    if (this.#text.charAt(this.#at) === '0') {
      this.#at++
    } else {
      this.#digits()
    }
    let whole = true
    if (this.#text.charAt(this.#at) === '.') {
      whole = false
      this.#expect(++this.#at, /\d/, 'after decimal point in numeric literal')
      this.#digits()
    }
    if (/[eE]/.test(this.#text.charAt(this.#at))) {
      whole = false
      if (/[+-]/.test(this.#text.charAt(++this.#at))) {
        this.#at++
      }
      this.#expect(this.#at, /\d/, 'in exponent of numeric literal')
      this.#digits()
    }
    return numberOf(this.#text.slice(start, this.#at), whole)
  }

  #digits(): void {
    while (isDigit(this.#text.charCodeAt(this.#at))) {
      this.#at++
    }
  }

  #invalid(context: string): JsonSyntaxError {
    return this.#at >= this.#text.length
      ? new JsonSyntaxError('unexpected end of JSON input')
      : invalidCharacter(this.#text.charAt(this.#at), context)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold them
const special = /[\\\u0000-\u001f]/

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

const int64 = 2n ** 63n

/** An integer of 64 bits that a double would round stays exact as a bigint; Go rounds larger ones, too. */
export function numberOf(text: string, whole: boolean): number | bigint {
  const value = Number(text)
  if (!whole || Number.isSafeInteger(value)) {
    return value
  }
  const exact = BigInt(text)
  return exact >= -int64 && exact < int64 ? exact : value
}

/** JSON.parse with exact integers, for texts that are known to be JSON. */
export function parseExactJson(text: string): Json {
  return /\d{16}/.test(text) ? readJson(text).value : (JSON.parse(text) as Json)
}

/** Sets a member even under the name of the prototype. */
export function setMember(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  } else {
    object[key] = value
  }
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')
}

function invalidCharacter(character: string, context: string): JsonSyntaxError {
  return new JsonSyntaxError(`invalid character ${quoteCharacter(character)} ${context}`)
}

/** Go shows one byte, taken as a character. */
function quoteCharacter(character: string): string {
  if (character === "'") {
    return "'\\''"
  }
  if (character === '"') {
    return `'"'`
  }
  const byte = Buffer.from(character)[0] ?? 0
  return `'${goQuote(String.fromCharCode(byte)).slice(1, -1)}'`
}

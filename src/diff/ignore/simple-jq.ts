/** The jq paths that people write most, walked without jq: `.a.b[].c`, `.x[] | select(.name == "y") | .z`. */
import { isMap } from '../field-path.ts'
import { sameJson } from '../same-json.ts'
import type { JsonPath } from './json-path.ts'

interface Found {
  path: JsonPath
  value: unknown
}

/** From one place to those that it leads to. Throws where jq would. */
type Walk = (from: Found) => Found[]

/** What jq would have refused: the whole expression then names nothing. */
class JqRefusal extends Error {}

/**
 * The places in an object that an expression names, as jq's `[path(…)]` gives them but without those of an object that it
 * refuses; undefined when the expression is more than paths and selections by simple conditions.
 */
export function simpleJq(expression: string): ((object: unknown) => JsonPath[]) | undefined {
  const reader = new Reader(expression)
  const walk = reader.pipe()
  if (!walk || !reader.isAtEnd()) return undefined
  return (object) => {
    try {
      return walk({ path: [], value: object }).map(({ path }) => path)
    } catch (error) {
      if (error instanceof JqRefusal) return []
      throw error
    }
  }
}

/** Reads left to right; every method answers undefined for what it does not know. */
class Reader {
  #rest: string

  constructor(text: string) {
    this.#rest = text.trim()
  }

  isAtEnd(): boolean {
    return this.#rest === ''
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#rest)
    if (!found) return undefined
    this.#rest = this.#rest.slice(found[0].length).trimStart()
    return found
  }

  pipe(): Walk | undefined {
    const stages: Walk[] = []
    do {
      const stage = this.#stage()
      if (!stage) return undefined
      stages.push(stage)
    } while (this.#take(/^\|(?!=)/))
    return chain(stages)
  }

  #stage(): Walk | undefined {
    if (!this.#take(/^select\s*\(/)) return this.#path()
    const holds = this.#disjunction()
    if (!holds || !this.#take(/^\)/)) return undefined
    return (from) => holds(from.value).flatMap((isSo) => (isSo ? [from] : []))
  }

  #path(): Walk | undefined {
    if (!this.#rest.startsWith('.') || this.#rest.startsWith('..')) return undefined
    const steps: Walk[] = []
    for (let first = true; ; first = false) {
      const step = this.#step(first)
      if (step === 'none') break
      if (!step) return undefined
      steps.push(step)
      if (this.#rest.startsWith('?')) return undefined
    }
    return chain(steps)
  }

  #step(first: boolean): Walk | undefined | 'none' {
    const name = this.#take(/^\.([A-Za-z_]\w*)(\??)/)
    if (name) return field(name[1] ?? '', name[2] === '?')
    if (this.#rest.startsWith('."')) {
      this.#rest = this.#rest.slice(1)
      const text = this.#text()
      return text === undefined ? undefined : field(text, this.#optional())
    }
    if (!this.#take(first ? /^\.?(?=\[)/ : /^(?=\[)/)) return first && this.#take(/^\./) ? (from) => [from] : 'none'
    return this.#bracket()
  }

  #bracket(): Walk | undefined {
    this.#take(/^\[/)
    if (this.#take(/^\]/)) return each(this.#optional())
    const index = this.#take(/^(-?\d+)\s*\]/)
    if (index) return at(Number(index[1]), this.#optional())
    const text = this.#text()
    return text === undefined || !this.#take(/^\]/) ? undefined : field(text, this.#optional())
  }

  #optional(): boolean {
    return this.#take(/^\?/) !== undefined
  }

  /** A string without interpolation. */
  #text(): string | undefined {
    const found = this.#take(/^"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/)
    return found && (JSON.parse(found[0]) as string)
  }

  #disjunction(): Condition | undefined {
    return this.#joined(() => this.#joined(() => this.#comparison(), /^and\b/, false), /^or\b/, true)
  }

  /** jq asks the right side only when the left has not settled it. */
  #joined(read: () => Condition | undefined, word: RegExp, settles: boolean): Condition | undefined {
    let left = read()
    while (left && this.#take(word)) {
      const right = read()
      if (!right) return undefined
      const before: Condition = left
      left = (value) => before(value).flatMap((isSo) => (isSo === settles ? [settles] : right(value)))
    }
    return left
  }

  #comparison(): Condition | undefined {
    const walk = this.#path()
    if (!walk) return undefined
    const valuesOf = (value: unknown) => walk({ path: [], value }).map((found) => found.value)
    const operator = this.#take(/^(==|!=)/)?.[1]
    if (operator) {
      const literal = this.#literal()
      return literal && ((value) => valuesOf(value).map((one) => sameJson(one, literal.value) === (operator === '==')))
    }
    if (this.#take(/^\|(?!=)/)) return this.#affix(valuesOf)
    return (value) => valuesOf(value).map((one) => one !== null && one !== false && one !== undefined)
  }

  #affix(valuesOf: (value: unknown) => unknown[]): Condition | undefined {
    const name = this.#take(/^(startswith|endswith)\s*\(/)?.[1]
    const affix = name && this.#text()
    if (affix === undefined || !this.#take(/^\)/)) return undefined
    return (value) =>
      valuesOf(value).map((one) => {
        if (typeof one !== 'string') throw new JqRefusal()
        return name === 'startswith' ? one.startsWith(affix) : one.endsWith(affix)
      })
  }

  #literal(): { value: unknown } | undefined {
    const text = this.#text()
    if (text !== undefined) return { value: text }
    const word = this.#take(/^(true|false|null|-?\d{1,15}(?:\.\d{1,10})?)(?![\w.])/)
    return word && { value: JSON.parse(word[0].trim()) as unknown }
  }
}

type Condition = (value: unknown) => boolean[]

function chain(steps: Walk[]): Walk {
  return (from) => steps.reduce<Found[]>((places, step) => places.flatMap(step), [from])
}

function refuse(optional: boolean): Found[] {
  if (optional) return []
  throw new JqRefusal()
}

function field(name: string, optional: boolean): Walk {
  return ({ path, value }) => {
    if (!isMap(value) && value !== null && value !== undefined) return refuse(optional)
    return [{ path: [...path, name], value: isMap(value) && Object.hasOwn(value, name) ? value[name] : null }]
  }
}

function at(index: number, optional: boolean): Walk {
  return ({ path, value }) => {
    if (!Array.isArray(value) && value !== null && value !== undefined) return refuse(optional)
    const found = Array.isArray(value) ? value.at(index) : null
    return [{ path: [...path, index], value: found ?? null }]
  }
}

function each(optional: boolean): Walk {
  return ({ path, value }) => {
    if (Array.isArray(value)) return value.map((item, index) => ({ path: [...path, index], value: item }))
    if (!isMap(value)) return refuse(optional)
    return Object.entries(value).map(([name, item]) => ({ path: [...path, name], value: item }))
  }
}

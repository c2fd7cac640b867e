/** Label selectors: the query parameter's grammar, its error texts, and matching. */
import { badRequest } from '../refusal.ts'

export interface Requirement {
  key: string
  operator: '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'
  values: string[]
}

type Labels = Record<string, string> | undefined

/** Words, and the signs that stand alone; blanks only separate. */
function tokens(text: string): string[] {
  return text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? []
}

const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const nameRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
const prefixRule =
  "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

function keyFault(key: string): string | undefined {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  if (parts.length > 2) {
    return "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
  }
  if (parts.length === 2 && parts[0] === '') return 'prefix part must be non-empty'
  if (parts.length === 2 && !subdomain.test(parts[0] ?? '')) return prefixRule
  if (name === '') return 'name part must be non-empty'
  if (name.length > 63) return 'name part must be no more than 63 bytes'
  return namePart.test(name) ? undefined : nameRule
}

function valueFault(value: string): string | undefined {
  if (value.length > 63) return 'must be no more than 63 bytes'
  return value === '' || namePart.test(value) ? undefined : valueRule
}

function checked(requirement: Requirement): Requirement {
  const { key, values } = requirement
  const fault = keyFault(key)
  if (fault) throw badRequest(`unable to parse requirement: <nil>: Invalid value: ${JSON.stringify(key)}: ${fault}`)
  for (const [index, value] of values.entries()) {
    const wrong = valueFault(value)
    if (!wrong) continue
    const at = `values[${index}][${key}]`
    throw badRequest(`unable to parse requirement: ${at}: Invalid value: ${JSON.stringify(value)}: ${wrong}`)
  }
  return requirement
}

class Parser {
  readonly #tokens: string[]
  #at = 0

  constructor(text: string) {
    this.#tokens = tokens(text)
  }

  parse(): Requirement[] {
    const found: Requirement[] = []
    while (this.#peek() !== undefined) {
      found.push(checked(this.#requirement()))
      const next = this.#take()
      if (next === undefined) break
      if (next !== ',') throw badRequest(`found '${next}', expected: ',' or 'end of string'`)
      if (this.#peek() === undefined) throw badRequest("found '', expected: identifier after ','")
    }
    return found
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  #take(): string | undefined {
    return this.#tokens[this.#at++]
  }

  #word(): string {
    const word = this.#take()
    if (word === undefined || /^[=!(),<>]/.test(word)) {
      throw badRequest(`unable to parse requirement: found '${word ?? ''}', expected: identifier`)
    }
    return word
  }

  #requirement(): Requirement {
    if (this.#peek() === '!') {
      this.#take()
      return { key: this.#word(), operator: '!', values: [] }
    }
    const key = this.#word()
    const operator = this.#peek()
    if (operator === undefined || operator === ',') return { key, operator: 'exists', values: [] }
    this.#take()
    if (operator === '=' || operator === '==') return { key, operator: '=', values: [this.#exactValue()] }
    if (operator === '!=') return { key, operator: '!=', values: [this.#exactValue()] }
    if (operator === 'in' || operator === 'notin') return { key, operator, values: this.#values() }
    if (operator === '>' || operator === '<') {
      return { key, operator: operator === '>' ? 'gt' : 'lt', values: [this.#exactValue()] }
    }
    throw badRequest(`unable to parse requirement: found '${operator}', expected: in, notin, =, ==, !=, gt, lt`)
  }

  #exactValue(): string {
    const next = this.#peek()
    return next === undefined || next === ',' ? '' : this.#word()
  }

  #values(): string[] {
    const open = this.#take()
    if (open !== '(') throw badRequest(`unable to parse requirement: found '${open ?? ''}' expected: '('`)
    const values: string[] = []
    for (;;) {
      const next = this.#peek()
      if (next === ',' || next === ')') values.push('')
      else values.push(this.#word())
      const end = this.#take()
      if (end === ')') return [...new Set(values)].sort()
      if (end !== ',') throw badRequest(`unable to parse requirement: found '${end ?? ''}', expected: ',' or ')'`)
    }
  }
}

export function parseLabelSelector(text: string): Requirement[] {
  return new Parser(text).parse()
}

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels?.[key]
  switch (operator) {
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    case '=':
      return value === values[0]
    case '!=':
      return value !== values[0]
    case 'in':
      return value !== undefined && values.includes(value)
    case 'notin':
      return value === undefined || !values.includes(value)
    case 'gt':
      return value !== undefined && Number(value) > Number(values[0])
    case 'lt':
      return value !== undefined && Number(value) < Number(values[0])
  }
}

export function labelsMatch(requirements: Requirement[], labels: Labels): boolean {
  return requirements.every((requirement) => meets(requirement, labels))
}

/** sprig's functions for text. */
import { randomInt } from 'node:crypto'
import type { Budget } from '../budget.ts'
import { textOf } from '../text/print.ts'
import { quoted } from '../text/quote.ts'
import { compareText, dictOf, type TemplateFunction, templateFunction, type Value } from '../value.ts'
import { initials, pascalCase, separatedWords, swappedCase, titleCase, uncapitalised } from './letter-case.ts'

type Text = (text: string) => Value

const ofText = (work: Text): TemplateFunction => templateFunction(['string'], work)
const ofTwo = (work: (a: string, b: string) => Value): TemplateFunction => templateFunction(['string', 'string'], work)

/** Elements that are null are left out; what is no list is a list of one. */
export function texts(value: Value, budget: Budget): string[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) return [textOf(value, budget)]
  budget.step(value.length)
  return value.filter((element) => element !== null && element !== undefined).map((element) => textOf(element, budget))
}

function indented(budget: Budget, spaces: bigint, text: string): string {
  if (spaces < 0n) throw new Error('strings: negative Repeat count')
  budget.text(text.length + Number(spaces))
  budget.text(Number(spaces) * (text.split('\n').length - 1))
  const pad = ' '.repeat(Number(spaces))
  return pad + text.replaceAll('\n', `\n${pad}`)
}

function repeated(budget: Budget, count: bigint, text: string): string {
  if (count < 0n) throw new Error('strings: negative Repeat count')
  budget.text(Number(count) * text.length)
  return text.repeat(Number(count))
}

function replaced(budget: Budget, from: string, to: string, text: string): string {
  const pieces = text.split(from)
  // Between each character, and at both ends, as Go does it.
  const all = from === '' ? ['', ...text, ''] : pieces
  budget.text(text.length + to.length * all.length)
  return all.join(to)
}

function truncated(length: bigint, text: string): string {
  const bytes = Buffer.from(text)
  const count = Number(length)
  if (count < 0 && bytes.length + count > 0) return bytes.subarray(bytes.length + count).toString('utf8')
  return count >= 0 && bytes.length > count ? bytes.subarray(0, count).toString('utf8') : text
}

function substring(start: bigint, end: bigint, text: string): string {
  const bytes = Buffer.from(text)
  const [from, to] = [Number(start), Number(end)]
  const bounds = start < 0n ? [0, to] : end < 0n || to > bytes.length ? [from, bytes.length] : [from, to]
  const [low = 0, high = 0] = bounds
  if (low > high || high > bytes.length || high < 0) throw new Error(`slice bounds out of range [${low}:${high}]`)
  return bytes.subarray(low, high).toString('utf8')
}

function abbreviated(offset: number, width: number, text: string): string {
  if (text.length <= width) return text
  const from = text.length - Math.min(offset, text.length) < width - 3 ? text.length - (width - 3) : offset
  if (from <= 4) return `${text.slice(0, width - 3)}...`
  if (from + width - 3 < text.length) return `...${abbreviated(0, width - 3, text.slice(from))}`
  return `...${text.slice(text.length - (width - 3))}`
}

function wrapped(
  text: string,
  options: { width: number; newline: string; breakWords: boolean; budget: Budget },
): string {
  const { newline, breakWords, budget } = options
  const width = Math.max(1, options.width)
  let result = ''
  let at = 0
  while (text.length - at > width) {
    budget.step()
    if (text[at] === ' ') {
      at += 1
      continue
    }
    const space = text.lastIndexOf(' ', at + width)
    const next = space > at ? space : breakWords ? -1 : text.indexOf(' ', at + width)
    if (next > at) {
      result += text.slice(at, next) + newline
      at = next + 1
    } else if (breakWords) {
      result += text.slice(at, at + width) + newline
      at += width
    } else break
    budget.text(newline.length)
  }
  return result + text.slice(at)
}

function trimmedOf(cutset: string, text: string): string {
  const cut = new Set(cutset)
  const chars = [...text]
  let [start, end] = [0, chars.length]
  while (start < end && cut.has(chars[start] ?? '')) start += 1
  while (end > start && cut.has(chars[end - 1] ?? '')) end -= 1
  return chars.slice(start, end).join('')
}

function splitUp(separator: string, text: string, limit = -1): string[] {
  if (limit === 0) return []
  const all = separator === '' ? [...text] : text.split(separator)
  if (limit < 0 || all.length <= limit) return all
  return [...all.slice(0, limit - 1), all.slice(limit - 1).join(separator)]
}

function numbered(parts: string[]): Value {
  return dictOf(parts.map((part, index) => [`_${index}`, part] as const))
}

const digits = '0123456789'
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')

function randomText(alphabet: string): TemplateFunction {
  return templateFunction(['budget', 'int'], (budget: Budget, count: bigint) => {
    budget.text(Number(count))
    budget.step(Number(count))
    return Array.from({ length: Number(count) }, () => alphabet[randomInt(alphabet.length)]).join('')
  })
}

function shuffled(text: string): string {
  const chars = [...text]
  for (let index = chars.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1)
    const char = chars[index] ?? ''
    chars[index] = chars[other] ?? ''
    chars[other] = char
  }
  return chars.join('')
}

const trimAll = ofTwo(trimmedOf)

export const stringFunctions: Record<string, TemplateFunction> = {
  hello: templateFunction([], () => 'Hello!'),
  abbrev: templateFunction(['int', 'string'], (width: bigint, text: string) =>
    width < 4n ? text : abbreviated(0, Number(width), text),
  ),
  abbrevboth: templateFunction(['int', 'int', 'string'], (left: bigint, right: bigint, text: string) => {
    return right < 4n || (left > 0n && right < 7n) ? text : abbreviated(Number(left), Number(right), text)
  }),
  trunc: templateFunction(['int', 'string'], truncated),
  trim: ofText((text) => text.replace(/^[\s\u0085]+/, '').trimEnd()),
  upper: ofText((text) => text.toUpperCase()),
  lower: ofText((text) => text.toLowerCase()),
  title: ofText(titleCase),
  untitle: ofText(uncapitalised),
  substr: templateFunction(['int', 'int', 'string'], substring),
  repeat: templateFunction(['budget', 'int', 'string'], repeated),
  trimall: trimAll,
  trimAll,
  trimSuffix: ofTwo((suffix, text) => (suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  trimPrefix: ofTwo((prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  nospace: ofText((text) => text.replace(/\s/g, '')),
  initials: ofText(initials),
  randAlphaNum: randomText(letters + digits),
  randAlpha: randomText(letters),
  randAscii: randomText(ascii),
  randNumeric: randomText(digits),
  randInt: templateFunction(['int', 'int'], (low: bigint, high: bigint) => {
    if (high <= low) throw new Error('invalid argument to randInt: the second must be above the first')
    return low + BigInt(randomInt(Number(high - low)))
  }),
  swapcase: ofText(swappedCase),
  shuffle: ofText(shuffled),
  snakecase: ofText((text) => separatedWords(text, '_')),
  kebabcase: ofText((text) => separatedWords(text, '-')),
  camelcase: ofText(pascalCase),
  wrap: templateFunction(['budget', 'int', 'string'], (budget: Budget, width: bigint, text: string) =>
    wrapped(text, { width: Number(width), newline: '\n', breakWords: false, budget }),
  ),
  wrapWith: templateFunction(
    ['budget', 'int', 'string', 'string'],
    (budget: Budget, width: bigint, newline: string, text: string) =>
      wrapped(text, { width: Number(width), newline: newline === '' ? '\n' : newline, breakWords: true, budget }),
  ),
  contains: ofTwo((part, text) => text.includes(part)),
  hasPrefix: ofTwo((prefix, text) => text.startsWith(prefix)),
  hasSuffix: ofTwo((suffix, text) => text.endsWith(suffix)),
  quote: templateFunction(['budget', '...any'], (budget: Budget, ...values: Value[]) => {
    return values
      .filter((value) => value !== null)
      .map((value) => quoted(textOf(value, budget)))
      .join(' ')
  }),
  squote: templateFunction(['budget', '...any'], (budget: Budget, ...values: Value[]) => {
    return values
      .filter((value) => value !== null)
      .map((value) => `'${textOf(value, budget)}'`)
      .join(' ')
  }),
  cat: templateFunction(['budget', '...any'], (budget: Budget, ...values: Value[]) => {
    const text = values
      .filter((value) => value !== null)
      .map((value) => textOf(value, budget))
      .join(' ')
    budget.text(text.length)
    return text
  }),
  indent: templateFunction(['budget', 'int', 'string'], indented),
  nindent: templateFunction(['budget', 'int', 'string'], (budget: Budget, spaces: bigint, text: string) => {
    return `\n${indented(budget, spaces, text)}`
  }),
  replace: templateFunction(['budget', 'string', 'string', 'string'], replaced),
  plural: templateFunction(['string', 'string', 'int'], (one: string, many: string, count: bigint) =>
    count === 1n ? one : many,
  ),
  toString: templateFunction(['budget', 'any'], (budget: Budget, value: Value) => textOf(value, budget)),
  toStrings: templateFunction(['budget', 'any'], (budget: Budget, value: Value) => texts(value, budget)),
  join: templateFunction(['budget', 'string', 'any'], (budget: Budget, separator: string, value: Value) => {
    const parts = texts(value, budget)
    budget.text(parts.reduce((sum, part) => sum + part.length + separator.length, 0))
    return parts.join(separator)
  }),
  sortAlpha: templateFunction(['budget', 'any'], (budget: Budget, value: Value) =>
    texts(value, budget).sort(compareText),
  ),
  split: ofTwo((separator, text) => numbered(splitUp(separator, text))),
  splitn: templateFunction(['string', 'int', 'string'], (separator: string, limit: bigint, text: string) =>
    numbered(splitUp(separator, text, Number(limit))),
  ),
  splitList: ofTwo((separator, text) => splitUp(separator, text)),
}

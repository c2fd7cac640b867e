/** Go's `printf`: verbs, flags, width and precision. */
import type { Budget } from '../budget.ts'
import { isDict, Native, sortedKeys, typeName, type Value } from '../value.ts'
import { formatFloat, shortestFloat } from './float.ts'
import { textOf } from './print.ts'
import { quoted } from './quote.ts'

interface Verb {
  letter: string
  plus: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  width: number | undefined
  precision: number | undefined
}

const directive = /%([-+# 0]*)(?:\[(\d+)\])?(\*|\d+)?(?:\.(?:\[(\d+)\])?(\*|\d*))?(?:\[(\d+)\])?([\s\S]|$)/gu

export function printf(format: string, args: Value[], budget: Budget): string {
  let next = 0
  let reordered = false
  const index = (text: string | undefined): void => {
    if (text === undefined) return
    next = Number(text) - 1
    reordered = true
  }
  const star = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined
    if (text !== '*') return text === '' ? 0 : Number(text)
    const value = args[next]
    next += 1
    return typeof value === 'bigint' ? Number(value) : undefined
  }
  const result = format.replace(
    directive,
    (_, flags: string, first, widthText, second, precisionText, third, letter) => {
      if (letter === '%') return '%'
      index(first)
      let width = star(widthText)
      index(second)
      const precision = star(precisionText)
      index(third)
      if (letter === '') return '%!(NOVERB)'
      if (next < 0 || next >= args.length) return `%!${letter}(${reordered ? 'BADINDEX' : 'MISSING'})`
      const minus = flags.includes('-') || (width ?? 0) < 0
      width = width === undefined ? undefined : Math.abs(width)
      budget.text((width ?? 0) + (precision ?? 0))
      const verb: Verb = {
        letter,
        minus,
        plus: flags.includes('+'),
        sharp: flags.includes('#'),
        space: flags.includes(' '),
        zero: flags.includes('0') && !minus,
        width,
        precision: precision === undefined || precision < 0 ? undefined : precision,
      }
      const text = formatted(args[next], verb, budget)
      next += 1
      budget.text(text.length)
      return text
    },
  )
  if (reordered || next >= args.length) return result
  const extra = args.slice(next).map((value) => {
    return value === null || value === undefined ? '<nil>' : `${typeName(value)}=${textOf(value, budget)}`
  })
  return `${result}%!(EXTRA ${extra.join(', ')})`
}

function formatted(value: Value, verb: Verb, budget: Budget): string {
  const { letter } = verb
  if (letter === 'T') return padded(typeName(value), verb)
  if (value === null || value === undefined) {
    return letter === 'v' ? padded('<nil>', verb) : `%!${letter}(<nil>)`
  }
  if (value instanceof Native) return formatted(String(value), verb, budget)
  if (letter === 'v' && verb.sharp) return padded(goSyntax(value, budget), verb)
  if (Array.isArray(value)) {
    budget.step(value.length)
    return budget.nested(() => `[${value.map((element) => formatted(element, verb, budget)).join(' ')}]`)
  }
  if (isDict(value)) {
    return budget.nested(() => {
      const keys = sortedKeys(value)
      budget.step(keys.length)
      const entries = keys.map((key) => `${formatted(key, verb, budget)}:${formatted(value[key], verb, budget)}`)
      return `map[${entries.join(' ')}]`
    })
  }
  if (typeof value === 'string') return formatString(value, verb) ?? badVerb(value, verb, budget)
  if (typeof value === 'bigint') return formatInt(value, verb) ?? badVerb(value, verb, budget)
  if (typeof value === 'number') return formatNumber(value, verb) ?? badVerb(value, verb, budget)
  if (typeof value === 'boolean' && (letter === 'v' || letter === 't')) return padded(String(value), verb)
  return badVerb(value, verb, budget)
}

function badVerb(value: Value, { letter }: Verb, budget: Budget): string {
  return `%!${letter}(${typeName(value)}=${textOf(value, budget)})`
}

function goSyntax(value: Value, budget: Budget): string {
  budget.step()
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return shortestFloat(value)
  if (Array.isArray(value)) {
    return budget.nested(() => `[]interface {}{${value.map((element) => goSyntax(element, budget)).join(', ')}}`)
  }
  if (isDict(value)) {
    return budget.nested(() => {
      const entries = sortedKeys(value).map((key) => `${quoted(key)}:${goSyntax(value[key], budget)}`)
      return `map[string]interface {}{${entries.join(', ')}}`
    })
  }
  return String(value)
}

function formatString(value: string, verb: Verb): string | undefined {
  const cut = verb.precision === undefined ? value : [...value].slice(0, verb.precision).join('')
  switch (verb.letter) {
    case 'v':
    case 's':
      return padded(cut, verb)
    case 'q':
      return padded(verb.sharp && !cut.includes('`') ? `\`${cut}\`` : quoted(cut), verb)
    case 'x':
    case 'X': {
      const bytes = Buffer.from(value).subarray(0, verb.precision)
      const prefix = verb.sharp ? `0${verb.letter}` : ''
      const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'))
      const text = verb.space ? digits.map((pair) => prefix + pair).join(' ') : prefix + digits.join('')
      return padded(verb.letter === 'X' ? text.toUpperCase() : text, verb)
    }
    default:
      return undefined
  }
}

const bases: Record<string, { base: number; prefix: string }> = {
  d: { base: 10, prefix: '' },
  v: { base: 10, prefix: '' },
  b: { base: 2, prefix: '0b' },
  o: { base: 8, prefix: '0' },
  O: { base: 8, prefix: '0o' },
  x: { base: 16, prefix: '0x' },
  X: { base: 16, prefix: '0X' },
}

function formatInt(value: bigint, verb: Verb): string | undefined {
  const { letter } = verb
  if (letter === 'c' || letter === 'q') {
    const char = value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : '�'
    return padded(letter === 'c' ? char : quoted(char, "'"), { ...verb, zero: false })
  }
  if (letter === 'U') {
    const code = `U+${value
      .toString(16)
      .toUpperCase()
      .padStart(Math.max(4, verb.precision ?? 0), '0')}`
    return padded(verb.sharp ? `${code} '${String.fromCodePoint(Number(value))}'` : code, { ...verb, zero: false })
  }
  const form = bases[letter]
  if (!form) return undefined
  const magnitude = value < 0n ? -value : value
  let digits = magnitude.toString(form.base)
  if (letter === 'X') digits = digits.toUpperCase()
  if (verb.precision !== undefined)
    digits = verb.precision === 0 && value === 0n ? '' : digits.padStart(verb.precision, '0')
  const sign = value < 0n ? '-' : verb.plus && letter !== 'v' ? '+' : verb.space ? ' ' : ''
  const prefix = verb.sharp || letter === 'O' ? form.prefix : ''
  return signedPadded(sign + prefix, digits, { ...verb, zero: verb.zero && verb.precision === undefined })
}

function formatNumber(value: number, verb: Verb): string | undefined {
  const form = { v: 'g', F: 'f', G: 'g', E: 'e' }[verb.letter] ?? verb.letter
  if (!['e', 'f', 'g'].includes(form)) return undefined
  const precision = verb.precision ?? (form === 'g' ? -1 : 6)
  const text = formatFloat(value, form, precision)
  const digits = text.replace(/^[+-]/, '')
  const sign = text.startsWith('-')
    ? '-'
    : (verb.plus && verb.letter !== 'v') || text.startsWith('+')
      ? '+'
      : verb.space
        ? ' '
        : ''
  const upper = verb.letter === 'E' || verb.letter === 'G' ? digits.toUpperCase() : digits
  const finite = Number.isFinite(value)
  return signedPadded(finite || value < 0 || verb.plus ? sign : text.startsWith('+') ? '+' : '', upper, {
    ...verb,
    zero: verb.zero && finite,
  })
}

/** Zeros stand between sign and digits. */
function signedPadded(sign: string, digits: string, verb: Verb): string {
  if (!verb.zero) return padded(sign + digits, verb)
  return sign + digits.padStart((verb.width ?? 0) - sign.length, '0')
}

function padded(text: string, { width, minus, zero }: Verb): string {
  if (width === undefined) return text
  const missing = width - [...text].length
  if (missing <= 0) return text
  return minus ? text + ' '.repeat(missing) : (zero ? '0' : ' ').repeat(missing) + text
}

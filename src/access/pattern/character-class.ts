/** Which characters a class of a regular expression takes: `\d`, `\pL`, `[^a-z\s]`, `[[:alpha:]]`. */

type Accepts = (code: number) => boolean

/** An escape or a class at the beginning of a text: what it takes, its one character where it is one, and its length. */
interface Read {
  accepts: Accepts
  code?: number
  length: number
}

const letters: Record<string, RegExp> = {
  d: /[0-9]/,
  w: /[0-9A-Za-z_]/,
  s: /[\t\n\f\r ]/,
}

const posix: Record<string, string> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

const controls: Record<string, number> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }

function testing(expression: RegExp, negated = false): Accepts {
  return (code) => expression.test(String.fromCodePoint(code)) !== negated
}

export function namedClass(letter: string): Accepts {
  const expression = letters[letter.toLowerCase()]
  if (!expression) throw new Error(`it knows no class \\${letter}`)
  return testing(expression, letter !== letter.toLowerCase())
}

/** Reads what follows a backslash, which is the first character. */
export function classOf(text: string): Read {
  const perl = /^\\([dDwWsS])/.exec(text)?.[1]
  if (perl) return { accepts: namedClass(perl), length: 2 }
  const unicode = /^\\([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/.exec(text)
  if (unicode) {
    const negated = (unicode[1] === 'P') !== (unicode[2] === '^')
    return { accepts: testing(unicodeClass(unicode[3] ?? unicode[4] ?? ''), negated), length: unicode[0].length }
  }
  return single(text)
}

function single(text: string): Read {
  const control = controls[text[1] ?? '']
  if (control !== undefined) return exactly(control, 2)
  const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(text)
  if (hex) return exactly(Number.parseInt(hex[1] ?? hex[2] ?? '', 16), hex[0].length)
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(text)
  if (octal) return exactly(Number.parseInt(octal[1] ?? '', 8), octal[0].length)
  if (/^\\[!-/:-@[-`{-~]/.test(text)) return exactly(text.charCodeAt(1), 2)
  throw new Error(`it has an escape that is not known, "${text.slice(0, 2)}"`)
}

function exactly(wanted: number, length: number): Read {
  return { accepts: (code) => code === wanted, code: wanted, length }
}

/** A general category, or a script. */
function unicodeClass(name: string): RegExp {
  for (const property of [name, `Script=${name}`]) {
    try {
      return new RegExp(`\\p{${property}}`, 'u')
    } catch {
      // Not a property of this kind.
    }
  }
  throw new Error(`it names a class of characters that is not known, "${name}"`)
}

/** A class in brackets, from the opening one. */
export function inClass(text: string): Read {
  const negated = text[1] === '^'
  const accepted: Accepts[] = []
  let at = negated ? 2 : 1
  const first = at
  while (text[at] !== ']' || at === first) {
    if (at >= text.length) throw new Error('it opens a bracket that it does not close')
    const item = readItem(text.slice(at))
    accepted.push(item.accepts)
    at += item.length
  }
  return { accepts: (code) => accepted.some((accepts) => accepts(code)) !== negated, length: at + 1 }
}

function readItem(text: string): Read {
  const named = /^\[:(\^?)(\w+):\]/.exec(text)
  if (named) {
    const characters = posix[named[2] ?? '']
    if (!characters) throw new Error(`it names a class of characters that is not known, "${named[2]}"`)
    return { accepts: testing(new RegExp(`[${characters}]`), named[1] === '^'), length: named[0].length }
  }
  const low = readCharacter(text)
  if (low.code === undefined || text[low.length] !== '-' || (text[low.length + 1] ?? ']') === ']') return low
  const high = readCharacter(text.slice(low.length + 1))
  const [from, to] = [low.code, high.code]
  if (to === undefined || to < from) throw new Error('it has a range in brackets that ends before it begins')
  return { accepts: (code) => code >= from && code <= to, length: low.length + 1 + high.length }
}

function readCharacter(text: string): Read {
  if (text.startsWith('\\')) return classOf(text)
  const code = text.codePointAt(0) ?? 0
  return exactly(code, String.fromCodePoint(code).length)
}

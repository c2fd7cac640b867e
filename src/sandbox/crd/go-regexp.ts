/** Patterns are written in Go's RE2 syntax; this reads them as a RegExp. */

const posixClasses: Record<string, string> = {
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

interface Flags {
  i: boolean
  s: boolean
  m: boolean
}

function withFlags(flags: Flags, text: string): Flags {
  const [on = '', off = ''] = text.split('-')
  const changed = { ...flags }
  for (const flag of ['i', 's', 'm'] as const) {
    if (on.includes(flag)) changed[flag] = true
    if (off.includes(flag)) changed[flag] = false
  }
  return changed
}

const tokens: [kind: string, pattern: RegExp][] = [
  ['flags', /\(\?([imsU-]+)\)/y],
  ['flagged', /\(\?([imsU-]+):/y],
  ['named', /\(\?P</y],
  ['open', /\((?:\?(?:[:=!]|<[=!]?))?/y],
  ['close', /\)/y],
  ['class', /\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]/y],
  ['escape', /\\(?:[pP](?:\{\^?\w+\}|\w)|x\{[0-9a-fA-F]+\}|.)/sy],
  ['character', /./sy],
]

function nextToken(pattern: string, position: number): [kind: string, match: RegExpExecArray] {
  for (const [kind, expression] of tokens) {
    expression.lastIndex = position
    const match = expression.exec(pattern)
    if (match) return [kind, match]
  }
  throw new SyntaxError(`missing closing ]: ${pattern.slice(position)}`)
}

/** What RE2 has and RegExp lacks, in RegExp's words; flags hold to the end of their group. */
function translate(pattern: string): string {
  const stack: Flags[] = []
  let flags: Flags = { i: false, s: false, m: false }
  let result = ''
  for (let position = 0; position < pattern.length; ) {
    const [kind, match] = nextToken(pattern, position)
    position += match[0].length
    if (kind === 'open' || kind === 'flagged' || kind === 'named') stack.push(flags)
    if (kind === 'flags' || kind === 'flagged') flags = withFlags(flags, match[1] ?? '')
    if (kind === 'close') flags = stack.pop() ?? flags
    result += tokenText(kind, match[0], flags)
  }
  return result
}

function tokenText(kind: string, text: string, flags: Flags): string {
  switch (kind) {
    case 'flags':
      return ''
    case 'flagged':
      return '(?:'
    case 'named':
      return '(?<'
    case 'class':
      return classText(text, flags)
    case 'escape':
      return escapeText(text)
    case 'character':
      return characterText(text, flags)
    default:
      return text
  }
}

function escapeText(text: string): string {
  if (text === '\\z') return '(?![\\s\\S])'
  if (text === '\\A') return '(?<![\\s\\S])'
  return text.replace(/^\\([pP])([A-Z])$/, '\\$1{$2}').replace(/^\\x\{/, '\\u{')
}

function characterText(text: string, flags: Flags): string {
  if (text === '.') return flags.s ? '[\\s\\S]' : '[^\\n]'
  if (text === '^' && flags.m) return '(?<=^|\\n)'
  if (text === '$' && flags.m) return '(?=\\n|$)'
  return flags.i && /[a-z]/i.test(text) ? `[${text.toLowerCase()}${text.toUpperCase()}]` : text
}

function classText(text: string, flags: Flags): string {
  const negated = text.startsWith('[^') ? '^' : ''
  const inner = text
    .slice(1 + negated.length, -1)
    .replace(/\[:(\^?)(\w+):\]/g, (whole, _not, name: string) => posixClasses[name] ?? whole)
    .replace(/\\([pP])([A-Z])/g, '\\$1{$2}')
    .replace(/^\]/, '\\]')
    .replace(/(?<!\\)\[/g, '\\[')
  if (!flags.i) return `[${negated}${inner}]`
  const letters = inner.match(/(?<!\\)[a-zA-Z]-[a-zA-Z]|(?<!\\)[a-zA-Z]/g) ?? []
  const others = letters.map((part) => (part === part.toLowerCase() ? part.toUpperCase() : part.toLowerCase()))
  return `[${negated}${inner}${others.join('')}]`
}

const compiled = new Map<string, RegExp>()

/** A pattern such as `^(?i)[[:alpha:]]+$` as a RegExp; throws a SyntaxError when it is none. */
export function goRegExp(pattern: string): RegExp {
  const known = compiled.get(pattern)
  if (known) return known
  const result = build(translate(pattern))
  if (compiled.size >= 1000) compiled.clear()
  compiled.set(pattern, result)
  return result
}

function build(body: string): RegExp {
  try {
    return new RegExp(body, 'u')
  } catch {
    // with the flag u, RegExp refuses needless escapes such as \- or \_ that Go accepts
    return new RegExp(body)
  }
}

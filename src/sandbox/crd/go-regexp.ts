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

const compiled = new Map<string, RegExp>()

/** What RE2 has and RegExp lacks, in RegExp's words. */
function translate(pattern: string): string {
  return pattern
    .replace(/\[:(\^?)(\w+):\]/g, (whole, _not, name: string) => posixClasses[name] ?? whole)
    .replace(/\\z/g, '(?![\\s\\S])')
    .replace(/\\A/g, '(?<![\\s\\S])')
    .replace(/\(\?P</g, '(?<')
    .replace(/\\([pP])([A-Z])/g, '\\$1{$2}')
}

/** A pattern such as `^[[:alpha:]]+$` as a RegExp; throws a SyntaxError when it is none. */
export function goRegExp(pattern: string): RegExp {
  const known = compiled.get(pattern)
  if (known) return known
  const flags = /^\(\?([ims]+)\)/.exec(pattern)
  const body = translate(flags ? pattern.slice(flags[0].length) : pattern)
  const result = build(body, flags?.[1] ?? '')
  if (compiled.size >= 1000) compiled.clear()
  compiled.set(pattern, result)
  return result
}

function build(body: string, flags: string): RegExp {
  try {
    return new RegExp(body, `${flags}u`)
  } catch {
    // with the flag u, RegExp refuses needless escapes such as \- or \_ that Go accepts
    return new RegExp(body, flags)
  }
}

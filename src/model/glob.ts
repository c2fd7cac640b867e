/** Globs as Argo CD's settings and projects write them. Pure. */

const compiled = new Map<string, RegExp>()
const mostCompiled = 5000

/**
 * `*` any run of characters, `?` one, `[a-z]` and `{one,other}` as usual. With `separator`, `*` and `?` stop at it and
 * `**` does not; without, `*` crosses everything.
 */
export function matchesGlob(pattern: string, text: string, separator?: '/'): boolean {
  if (pattern === '*' || pattern === text) return true
  return expressionOf(pattern, separator).test(text)
}

/** The same, where a pattern between slashes is a regular expression, as in lists of namespaces. */
export function matchesAny(patterns: string[], text: string): boolean {
  return patterns.some((pattern) => {
    const inner = /^\/(.+)\/$/.exec(pattern)?.[1]
    return inner === undefined ? matchesGlob(pattern, text) : matchesRegExp(inner, text)
  })
}

/** An expression that cannot be read matches nothing. */
function matchesRegExp(source: string, text: string): boolean {
  try {
    return new RegExp(source, 'u').test(text)
  } catch {
    return false
  }
}

function expressionOf(pattern: string, separator: '/' | undefined): RegExp {
  const key = `${separator ?? ''} ${pattern}`
  const known = compiled.get(key)
  if (known) return known
  if (compiled.size >= mostCompiled) compiled.clear()
  const expression = compile(pattern, separator)
  compiled.set(key, expression)
  return expression
}

function compile(pattern: string, separator: '/' | undefined): RegExp {
  const some = separator ? `[^${separator}]` : '[^]'
  let source = ''
  let depth = 0
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? ''
    const list = character === '[' ? /^\[(!|\^)?(\]?[^\]]+)\]/.exec(pattern.slice(at)) : null
    if (character === '*') {
      const double = pattern[at + 1] === '*'
      if (double) at++
      source += double ? '[^]*' : `${some}*`
    } else if (character === '?') source += some
    else if (list) {
      source += `[${list[1] ? '^' : ''}${(list[2] ?? '').replace(/[\\\]^]/g, '\\$&')}]`
      at += list[0].length - 1
    } else if (character === '{') {
      depth++
      source += '(?:'
    } else if (character === '}' && depth > 0) {
      depth--
      source += ')'
    } else if (character === ',' && depth > 0) source += '|'
    else {
      const literal = character === '\\' && at + 1 < pattern.length ? (pattern[++at] ?? '') : character
      source += literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    }
  }
  // A brace that is never closed stands for itself.
  return depth === 0 ? safely(`^${source}$`) : safely(`^${pattern.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`)
}

/** A range such as `[z-a]` makes no expression: it matches nothing. */
function safely(source: string): RegExp {
  try {
    return new RegExp(source)
  } catch {
    return /(?!)/
  }
}

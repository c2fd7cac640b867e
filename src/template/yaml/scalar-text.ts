/** A string as a YAML scalar: plain where it can be, else quoted, or as a block when it has several lines. */

/** Words that would be read as something else than a string. */
const words = new Set(
  ['', '~', 'null', 'Null', 'NULL']
    .concat(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'])
    .concat(['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'])
    .concat(['.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF']),
)
const numberLike =
  /^[-+]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*|(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?[\d_]+)?)$/
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
const dateLike =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::\d{2})?))?)?$/

function isNumber(text: string): boolean {
  if (!numberLike.test(text)) return false
  // One that is too large for a float is none.
  return !/^[-+]?[\d_.]+(?:[eE].*)$/.test(text) || Number.isFinite(Number(text.replaceAll('_', '')))
}

function meansOther(text: string): boolean {
  return words.has(text) || isNumber(text) || base60.test(text) || dateLike.test(text)
}

const unprintable = /[^\t\n\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u

/** What stands there would be read as the beginning of something else. */
function cannotBePlain(text: string): boolean {
  if (/^[-?:](?= |$)/.test(text) || /^[,[\]{}#&*!|>'"%@`]/.test(text) || /^(?:---|\.\.\.)/.test(text)) return true
  return /^ | $|:(?: |$)| #/.test(text)
}

/** `margin` is where the lines of a block begin. */
export function scalarText(text: string, margin: number): string {
  if (meansOther(text) || unprintable.test(text) || /[\t\r\u0085\u2028\u2029]/.test(text)) return doubleQuoted(text)
  if (text.includes('\n')) return / (?:\n|$)/.test(text) ? doubleQuoted(text) : block(text, margin)
  return cannotBePlain(text) ? `'${text.replaceAll("'", "''")}'` : text
}

function block(text: string, margin: number): string {
  const pad = ' '.repeat(Math.max(margin, 2))
  const body = text.replace(/\n+$/, '')
  const trailing = text.length - body.length
  const chomping = trailing === 0 ? '-' : trailing > 1 || body === '' ? '+' : ''
  const hint = /^[ \n]/.test(text) ? '2' : ''
  const lines = (trailing > 1 ? text.slice(0, -1) : body).split('\n')
  return `|${hint}${chomping}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`
}

const escapes: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
  '\ufeff': '\\uFEFF',
}

function doubleQuoted(text: string): string {
  let result = ''
  for (const char of text) {
    const short = escapes[char]
    if (short !== undefined) result += short
    else if (!unprintable.test(char)) result += char
    else result += coded(char.codePointAt(0) ?? 0)
  }
  return `"${result}"`
}

function coded(point: number): string {
  const digits = point.toString(16).toUpperCase()
  if (point <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return point <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}

/** What the literals of a template stand for. */

const simpleEscapes: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/** A string or character constant, its quotes included; undefined when an escape is not Go's. */
export function unquote(text: string): string | undefined {
  const quote = text[0]
  const inner = text.slice(1, -1)
  if (quote === '`') return inner.replaceAll('\r', '')
  let bad = false
  const bytes: Buffer[] = []
  const pattern = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([\s\S]))|[^\\]+/g
  for (const [whole, hex, short, long, octal, simple] of inner.matchAll(pattern)) {
    const byte =
      hex === undefined ? (octal === undefined ? undefined : Number.parseInt(octal, 8)) : Number.parseInt(hex, 16)
    const point = short ?? long
    if (byte !== undefined && byte < 256) bytes.push(Buffer.from([byte]))
    else if (point !== undefined && Number.parseInt(point, 16) <= 0x10ffff) {
      bytes.push(Buffer.from(String.fromCodePoint(Number.parseInt(point, 16))))
    } else if (simple !== undefined) {
      const char = simpleEscapes[simple]
      // The other kind of quote is not escaped.
      if (char === undefined || (simple !== quote && (simple === "'" || simple === '"'))) bad = true
      bytes.push(Buffer.from(char ?? ''))
    } else if (byte !== undefined) bad = true
    else bytes.push(Buffer.from(whole))
  }
  return bad ? undefined : Buffer.concat(bytes).toString('utf8')
}

/** The one character of a character constant as a number. */
export function charConstant(text: string): bigint | undefined {
  const value = unquote(text)
  const point = value?.codePointAt(0)
  if (value === undefined || point === undefined || String.fromCodePoint(point) !== value) return undefined
  return BigInt(point)
}

const largest = 2n ** 63n

/** Integers and floats, with Go's underscores and bases; undefined for what is neither. */
export function numberConstant(text: string): bigint | number | undefined {
  if (/^_|__|_$|_\.|\._/.test(text.replace(/^[+-]/, ''))) return undefined
  const plain = text.replaceAll('_', '')
  const sign = plain.startsWith('-') ? -1 : 1
  const digits = plain.replace(/^[+-]/, '')
  if (/^0[xX].*[.pP]/.test(digits)) return hexFloat(digits, sign)
  if (/^(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+)$/.test(digits)) {
    // A leading zero means base eight.
    if (/^0\d+$/.test(digits)) {
      if (!/^[0-7]+$/.test(digits)) return undefined
      return inRange(BigInt(sign) * BigInt(`0o${digits.slice(1)}`))
    }
    return inRange(BigInt(sign) * BigInt(digits))
  }
  const value = Number(digits)
  return digits === '' || Number.isNaN(value) || !Number.isFinite(value) ? undefined : sign * value
}

function inRange(value: bigint): bigint | undefined {
  return value >= -largest && value < largest ? value : undefined
}

function hexFloat(digits: string, sign: number): number | undefined {
  const match = /^0[xX]([\da-fA-F]*)(?:\.([\da-fA-F]*))?[pP]([+-]?\d+)$/.exec(digits)
  if (!match) return undefined
  const [, whole = '', fraction = '', exponent] = match
  if (whole + fraction === '') return undefined
  return sign * Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length)
}

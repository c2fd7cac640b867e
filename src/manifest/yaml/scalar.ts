/** What an unquoted YAML scalar means to Kubernetes, whose reader is Go's YAML 1.1 dialect. The oracle is kubectl. */

const words = new Map<string, boolean | null>()
for (const word of ['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE']) words.set(word, true)
for (const word of ['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE']) words.set(word, false)
for (const word of ['', '~', 'null', 'Null', 'NULL']) words.set(word, null)

const notFinite = /^(?:\.nan|\.NaN|\.NAN|[-+]?\.(?:inf|Inf|INF))$/
const maxInt64 = 2n ** 63n - 1n
const minInt64 = -(2n ** 63n)

/** Integers that a JavaScript number cannot hold exactly, and that Kubernetes can, are bigints. */
export type Scalar = string | number | boolean | null | bigint

export function plainScalar(text: string): Scalar {
  const word = words.get(text)
  if (word !== undefined) return word
  if (notFinite.test(text)) throw new Error(`${text} is not a number that JSON and Kubernetes know`)
  const first = text.charCodeAt(0)
  // Only a sign, a digit or a point begins a number.
  if (first === 0x2b || first === 0x2d || (first >= 0x30 && first <= 0x39)) return number(text) ?? text
  return first === 0x2e ? (fraction(text) ?? text) : text
}

/** Also the meaning of `!!int "0x1F"` and the like. */
export function number(text: string): number | bigint | undefined {
  const plain = text.replaceAll('_', '')
  return integer(plain) ?? float(plain)
}

function integer(text: string): number | bigint | undefined {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/.exec(text)
  if (!match?.[2]) return undefined
  const digits = /^0[0-7]+$/.test(match[2]) ? `0o${match[2].slice(1)}` : match[2]
  const value = Number(digits)
  const signed = match[1] === '-' ? -value : value
  // Adding zero turns -0 into 0.
  if (Number.isSafeInteger(value)) return signed + 0
  const exact = match[1] === '-' ? -BigInt(digits) : BigInt(digits)
  return exact >= minInt64 && exact <= maxInt64 ? exact : signed
}

function float(text: string): number | undefined {
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value + 0 : undefined
}

/** After a leading point Go allows underscores between digits only. */
function fraction(text: string): number | undefined {
  if (!/^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/.test(text)) return undefined
  return float(text.replaceAll('_', ''))
}

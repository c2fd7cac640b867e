/** Floats as Go writes them. */

/** The shortest form that reads back as the same number: `%v`. */
export function shortestFloat(value: number, exponentFrom = 6): string {
  const special = specialFloat(value)
  if (special !== undefined) return special
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const exponent = Number(value.toExponential().split('e')[1])
  return exponent < -4 || exponent >= exponentFrom ? withTwoDigits(value.toExponential()) : plainDigits(value)
}

export function specialFloat(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return undefined
}

/** Exponents have at least two digits. */
function withTwoDigits(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

/** Without an exponent, however large or small. */
function plainDigits(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  if (Math.abs(value) >= 1) return BigInt(value).toString()
  const [digits = '', exponent] = value.toExponential().split('e')
  const sign = digits.startsWith('-') ? '-' : ''
  return `${sign}0.${'0'.repeat(-Number(exponent) - 1)}${digits.replace(/[-.]/g, '')}`
}

/** `%e`, `%f` and `%g` with a precision; -1 is the shortest. */
export function formatFloat(value: number, verb: string, precision: number): string {
  const special = specialFloat(value)
  if (special !== undefined) return special
  const digits = Math.min(precision, 100)
  if (verb === 'e') return withTwoDigits(precision < 0 ? value.toExponential() : value.toExponential(digits))
  if (verb === 'f') return precision < 0 ? plainDigits(value) : fixed(value, digits)
  if (precision < 0) return shortestFloat(value)
  const significant = Math.max(digits, 1)
  const [mantissa = '', exponent] = value.toExponential(significant - 1).split('e')
  const power = Number(exponent)
  if (power < -4 || power >= significant) return withTwoDigits(`${withoutZeros(mantissa)}e${exponent}`)
  return withoutZeros(value.toFixed(Math.max(0, significant - 1 - power)))
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Halves go to the even digit; toFixed sends them up, and gives large numbers an exponent. */
function fixed(value: number, digits: number): string {
  if (Math.abs(value) >= 1e21) return digits > 0 ? `${BigInt(value)}.${'0'.repeat(digits)}` : BigInt(value).toString()
  const text = value.toFixed(digits)
  const exact = Math.abs(value).toFixed(Math.min(100, digits + 40))
  const point = exact.indexOf('.')
  const tail = exact.slice(point + 1 + digits)
  if (!/^50*$/.test(tail)) return signed(text, value)
  const kept = BigInt(exact.slice(0, point) + exact.slice(point + 1, point + 1 + digits))
  const even = kept % 2n === 0n ? kept : kept + 1n
  const plain = even.toString().padStart(digits + 1, '0')
  const result = digits > 0 ? `${plain.slice(0, -digits)}.${plain.slice(-digits)}` : plain
  return signed(value < 0 ? `-${result}` : result, value)
}

/** Go keeps the sign of what is rounded to zero. */
function signed(text: string, value: number): string {
  return (value < 0 || Object.is(value, -0)) && !text.startsWith('-') ? `-${text}` : text
}

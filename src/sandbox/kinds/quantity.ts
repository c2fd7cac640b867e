/** Amounts such as 100m or 1.5Gi: read, compared, added, and written in the one form the server stores. */

type Format = 'decimal' | 'binary' | 'exponent'

/** value = digits × 10^scale, exactly. */
export interface Quantity {
  digits: bigint
  scale: number
  format: Format
}

export class QuantityError extends Error {}

const malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

const decimalSuffixes: Record<string, number> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const binarySuffixes: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }
const decimalNames = Object.fromEntries(Object.entries(decimalSuffixes).map(([name, power]) => [power, name]))

const largest = 2n ** 63n - 1n

function powerOfTen(power: number): bigint {
  return 10n ** BigInt(power)
}

interface Parts {
  sign: string
  whole: string
  fraction: string
  suffix: string
}

function split(source: string): Parts {
  // The suffix may be any run of the known letters, a sign and digits; what it means is asked afterwards.
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(source)
  if (!match || source === '') throw new QuantityError(malformed)
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match
  return { sign, whole, fraction, suffix }
}

function meaning(suffix: string): { format: Format; power: number; base: 2 | 10 } {
  const decimal = Object.hasOwn(decimalSuffixes, suffix) ? decimalSuffixes[suffix] : undefined
  if (decimal !== undefined) return { format: 'decimal', power: decimal, base: 10 }
  const binary = Object.hasOwn(binarySuffixes, suffix) ? binarySuffixes[suffix] : undefined
  if (binary !== undefined) return { format: 'binary', power: binary, base: 2 }
  if (/^[eE][-+]?[0-9]+$/.test(suffix)) return { format: 'exponent', power: Number(suffix.slice(1)), base: 10 }
  throw new QuantityError("unable to parse quantity's suffix")
}

/** ceil away from zero to a multiple of 10^scale. */
function roundUp(quantity: Quantity, scale: number): Quantity {
  if (quantity.scale >= scale) return quantity
  const divisor = powerOfTen(scale - quantity.scale)
  const quotient = quantity.digits / divisor
  const rest = quantity.digits % divisor
  const away = rest === 0n ? 0n : quantity.digits < 0n ? -1n : 1n
  return { ...quantity, digits: quotient + away, scale }
}

/** Throws a QuantityError with the server's words. */
export function parseQuantity(source: string): Quantity {
  const { sign, whole, fraction, suffix } = split(source)
  const { format, power, base } = meaning(suffix)
  let digits = BigInt(whole + fraction || '0')
  let scale = -fraction.length
  if (base === 10) scale += power
  else digits *= 2n ** BigInt(power)
  if (sign === '-') digits = -digits
  let quantity = roundUp({ digits, scale, format }, -9)
  if (format === 'binary') {
    if (compareQuantities(quantity, { digits: largest, scale: 0, format }) > 0)
      quantity = { digits: largest, scale: 0, format }
    const small = quantity.digits > 0n && compareQuantities(quantity, { digits: 1n, scale: 0, format }) < 0
    if (small) quantity = { ...quantity, format: 'decimal' }
  }
  return quantity
}

function aligned(left: Quantity, right: Quantity): [bigint, bigint, number] {
  const scale = Math.min(left.scale, right.scale)
  return [left.digits * powerOfTen(left.scale - scale), right.digits * powerOfTen(right.scale - scale), scale]
}

/** Negative, zero or positive. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  const [a, b] = aligned(left, right)
  return a < b ? -1 : a > b ? 1 : 0
}

/** The sum; zero takes the other's format, as the server's arithmetic does. */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  const [a, b, scale] = aligned(left, right)
  return { digits: a + b, scale, format: left.digits === 0n ? right.format : left.format }
}

export function subtractQuantities(left: Quantity, right: Quantity): Quantity {
  return addQuantities(left, { ...right, digits: -right.digits })
}

export const zeroQuantity: Quantity = { digits: 0n, scale: 0, format: 'decimal' }

function formatDecimal(quantity: Quantity): string {
  let { digits, scale } = quantity
  while (digits % 10n === 0n) {
    digits /= 10n
    scale += 1
  }
  while (scale % 3 !== 0) {
    digits *= 10n
    scale -= 1
  }
  if (quantity.format === 'exponent') return scale === 0 ? `${digits}` : `${digits}e${scale}`
  const suffix = decimalNames[scale]
  return suffix === undefined ? `${digits * powerOfTen(scale)}` : `${digits}${suffix}`
}

function formatBinary(amount: bigint): string {
  const names = ['', ...Object.keys(binarySuffixes)]
  let digits = amount
  let step = 0
  while (digits % 1024n === 0n && step < names.length - 1) {
    digits /= 1024n
    step += 1
  }
  return `${digits}${names[step]}`
}

/** The canonical form: the largest suffix that leaves no fraction. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.digits === 0n) return '0'
  if (quantity.format !== 'binary') return formatDecimal(quantity)
  const whole = roundUp(quantity, 0)
  const exact = compareQuantities(whole, quantity) === 0
  const amount = whole.digits * powerOfTen(whole.scale)
  const small = amount < 1024n && amount > -1024n
  return exact && !small ? formatBinary(amount) : formatDecimal({ ...quantity, format: 'decimal' })
}

/**
 * What the server stores for what was sent. It keeps the sender's spelling when a quick look finds it canonical, so a
 * few odd spellings (`+1`, `01`, `5.`) survive.
 */
export function canonicalQuantity(source: string | number | bigint): string {
  const trimmed = String(source).trim()
  const quantity = parseQuantity(trimmed)
  return keepsSpelling(trimmed) ? trimmed : formatQuantity(quantity)
}

function keepsSpelling(source: string): boolean {
  const { whole, fraction, suffix } = split(source)
  if (source === '0') return true
  const { format, power } = meaning(suffix)
  const numerator = whole.replace(/^0+/, '') || '0'
  if (format === 'binary') {
    const room = 15 - numerator.length - Math.trunc((power * 3) / 10) - 1
    return fraction === '' && room >= 0 && (BigInt(numerator) & 7n) !== 0n
  }
  const shifted = numerator + fraction
  const scale = power - fraction.length
  return shifted.length <= 18 && scale >= -9 && scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')
}

/** A quantity of a container's resources, which the server rounds up to thousandths. */
export function canonicalResource(source: string | number | bigint): string {
  const quantity = parseQuantity(String(source).trim())
  return quantity.scale < -3 ? formatQuantity(roundUp(quantity, -3)) : canonicalQuantity(source)
}

/** Units of the amount, as a float; good enough for tables and autoscaling. */
export function quantityNumber(source: string): number {
  const { digits, scale } = parseQuantity(source)
  return Number(digits) * 10 ** scale
}

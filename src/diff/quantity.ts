/** Amounts and durations as Kubernetes writes them: `100m` is `0.1`, `1Gi` is `1024Mi`, `90m` is `1h30m0s`. */
import { parseDuration } from '../model/index.ts'

const fields = new Set([
  'limits',
  'requests',
  'capacity',
  'hard',
  'sizeLimit',
  'storage',
  'cpu',
  'memory',
  'divisor',
  'averageValue',
])

const decimal: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** True for two spellings of one amount in a field that holds amounts. */
export function isSameQuantity(one: unknown, other: unknown, field: string): boolean {
  if (!fields.has(field)) return false
  const [a, b] = [parseQuantity(one), parseQuantity(other)]
  return (
    a !== undefined &&
    b !== undefined &&
    a.digits * 10n ** BigInt(a.exponent + 30) === b.digits * 10n ** BigInt(b.exponent + 30)
  )
}

/** digits × 10^exponent; undefined for what is no quantity, or one of astronomical size. */
function parseQuantity(value: unknown): { digits: bigint; exponent: number } | undefined {
  const match = /^([+-]?)(\d{1,30})?(?:\.(\d{0,18}))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    String(value),
  )
  if (!match || (typeof value !== 'string' && typeof value !== 'number')) return undefined
  const [, sign = '', whole = '', fraction = '', power, suffix = ''] = match
  if (whole + fraction === '') return undefined
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`)
  const shift = power === undefined ? (decimal[suffix] ?? 0) : Number(power)
  const exponent = shift - fraction.length
  const factor = 1024n ** BigInt(binary.indexOf(suffix) + 1)
  return exponent < -30 || exponent > 99 ? undefined : { digits: digits * factor, exponent }
}

/** In thousandths, rounded up as Kubernetes does; 0 for what is no amount. */
export function milliValue(value: unknown): number {
  const parsed = parseQuantity(value)
  if (!parsed) return 0
  const power = parsed.exponent + 3
  if (power >= 0) return Number(parsed.digits * 10n ** BigInt(power))
  const divisor = 10n ** BigInt(-power)
  const whole = parsed.digits / divisor
  return Number(parsed.digits % divisor > 0n ? whole + 1n : whole)
}

/** True for two spellings of one duration, each with its units. */
export function isSameDuration(one: unknown, other: unknown): boolean {
  if (typeof one !== 'string' || typeof other !== 'string' || !/[a-z]/.test(one) || !/[a-z]/.test(other)) return false
  const ms = parseDuration(one)
  return ms !== undefined && ms === parseDuration(other)
}

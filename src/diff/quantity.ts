/** Amounts and durations in different spellings: `100m` is `0.1`, `1Gi` is `1024Mi`, `90m` is `1h30m0s`. */
import { parseDuration, parseQuantity } from '../model/index.ts'

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

/** True for two spellings of one duration, each with its units. */
export function isSameDuration(one: unknown, other: unknown): boolean {
  if (typeof one !== 'string' || typeof other !== 'string' || !/[a-z]/.test(one) || !/[a-z]/.test(other)) return false
  const ms = parseDuration(one)
  return ms !== undefined && ms === parseDuration(other)
}

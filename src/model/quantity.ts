/** Amounts as Kubernetes writes them: `100m` is `0.1`, `1Gi` is `1024Mi`. */

const decimal: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** digits × 10^exponent; undefined for what is no quantity, or one of astronomical size. */
export function parseQuantity(value: unknown): { digits: bigint; exponent: number } | undefined {
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
  const parsed = value === undefined ? undefined : parseQuantity(value)
  if (!parsed) return 0
  const power = parsed.exponent + 3
  if (power >= 0) return Number(parsed.digits * 10n ** BigInt(power))
  const divisor = 10n ** BigInt(-power)
  const whole = parsed.digits / divisor
  return Number(parsed.digits % divisor > 0n ? whole + 1n : whole)
}

/** Spans of time as Go writes and reads them: `1h30m0s`. */

const units: Record<string, bigint> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

/** In nanoseconds; undefined when it is no duration. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^([+-]?)((?:\d*\.?\d*(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text)
  if (!match) return undefined
  const [, sign, parts = ''] = match
  let total = 0n
  if (parts !== '0') {
    for (const [, number = '', unit = ''] of parts.matchAll(/(\d*\.?\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
      const [whole = '', fraction = ''] = number.split('.')
      if (whole + fraction === '') return undefined
      const size = units[unit] ?? 0n
      total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length)
    }
  }
  return total >= 2n ** 63n ? undefined : sign === '-' ? -total : total
}

export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const span = nanoseconds < 0n ? -nanoseconds : nanoseconds
  if (span < 1000n) return `${sign}${span}ns`
  if (span < 1_000_000n) return `${sign}${decimal(span, 1000n)}µs`
  if (span < 1_000_000_000n) return `${sign}${decimal(span, 1_000_000n)}ms`
  const seconds = `${decimal(span % 60_000_000_000n, 1_000_000_000n)}s`
  const minutes = span / 60_000_000_000n
  if (minutes === 0n) return sign + seconds
  const hours = minutes / 60n
  return `${sign}${hours > 0n ? `${hours}h` : ''}${minutes % 60n}m${seconds}`
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = (value % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '')
  return fraction === '' ? String(value / unit) : `${value / unit}.${fraction}`
}

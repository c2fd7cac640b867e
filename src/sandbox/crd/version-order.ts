/** The order of API versions: v2 before v1 before v1beta1 before v1alpha1 before all other names. */

const stability: Record<string, number> = { alpha: 0, beta: 1 }

function parse(version: string): [stability: number, major: number, minor: number] | undefined {
  const parts = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version)
  return parts ? [stability[parts[2] ?? ''] ?? 2, Number(parts[1]), Number(parts[3] ?? 0)] : undefined
}

/** Negative when `left` is to be preferred. */
export function compareVersions(left: string, right: string): number {
  const [one, other] = [parse(left), parse(right)]
  if (!one || !other) return one ? -1 : other ? 1 : left < right ? -1 : left > right ? 1 : 0
  return other[0] - one[0] || other[1] - one[1] || other[2] - one[2]
}

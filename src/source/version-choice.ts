/** Of the versions that there are: what a targetRevision allows, what it holds back, and what could take its place. Pure. */
import type { SemVer } from 'semver'
import { highest, parseConstraint, parseVersion } from '../model/version-constraint.ts'

export interface VersionChoice {
  /** A range chooses anew at every interval; a pin is one version; a name (a branch, a moving tag) tells nothing of order. */
  kind: 'range' | 'pin' | 'name'
  /** The newest that it allows. */
  allowed?: string
  /** The newest of all that is no prerelease. */
  newest?: string
  /** Newer than what is allowed, the newest first. */
  heldBack: string[]
  /** In the place of targetRevision: of the same form, and allows the newest. */
  proposal?: string
}

export interface VersionQuestion {
  targetRevision: string
  /** Without `prefix`. */
  names: string[]
  /** Of tags that count, and perhaps of the targetRevision. */
  prefix?: string
  /** An empty targetRevision, and `latest`, mean the newest. */
  isChart: boolean
}

const heldBackLimit = 20

export function chooseVersion({ targetRevision, names, prefix = '', isChart }: VersionQuestion): VersionChoice {
  const newest = highest(names, anyVersion)
  const isPrefixed = prefix !== '' && targetRevision.startsWith(prefix)
  const wanted = isPrefixed ? targetRevision.slice(prefix.length) : targetRevision
  const isNewest = isChart && (wanted === '' || wanted === 'latest') && !names.includes(wanted)
  const text = isNewest ? '*' : wanted
  const constraint = parseConstraint(text)
  const pinned = constraint ? undefined : nameOf(text, names)
  const allowed = constraint ? highest(names, constraint) : pinned
  const kind = constraint ? 'range' : pinned === undefined ? 'name' : 'pin'
  const found = { kind, ...(allowed !== undefined && { allowed }), ...(newest !== undefined && { newest }) } as const
  if (kind === 'name') return { ...found, heldBack: [] }
  const heldBack = newerThan(allowed, names)
  const isBehind = newest !== undefined && heldBack.includes(newest)
  const proposal = isBehind ? proposedTarget(text, newest) : undefined
  return {
    ...found,
    heldBack: heldBack.slice(0, heldBackLimit),
    ...(proposal !== undefined && { proposal: (isPrefixed ? prefix : '') + proposal }),
  }
}

const anyVersion = { matches: ({ prerelease }: SemVer) => prerelease.length === 0 }

/** As Helm reads a version: with a `v` in front or without. */
function nameOf(text: string, names: string[]): string | undefined {
  if (names.includes(text)) return parseVersion(text) && text
  const wanted = parseVersion(text)
  return wanted && names.find((name) => /^v?\d+\.\d+\.\d+/.test(name) && parseVersion(name)?.raw === wanted.raw)
}

function newerThan(allowed: string | undefined, names: string[]): string[] {
  const bound = allowed === undefined ? undefined : parseVersion(allowed)
  const versions = names.flatMap((name) => {
    const version = parseVersion(name)
    return version && version.prerelease.length === 0 ? [{ name, version }] : []
  })
  return versions
    .filter(({ version }) => !bound || version.compare(bound) > 0)
    .sort((one, other) => other.version.compare(one.version))
    .map(({ name }) => name)
}

/** Of the form that somebody has written: `^1` becomes `^2`, `1.2.x` becomes `1.3.x`, and an upper bound moves up. */
export function proposedTarget(target: string, newest: string): string {
  const version = parseVersion(newest)
  const isPin = parseConstraint(target) === undefined
  if (!version || isPin) return newest
  const moved = movedRange(target.trim(), version)
  const constraint = moved === undefined ? undefined : parseConstraint(moved)
  return moved !== undefined && constraint?.matches(version) ? moved : newest
}

const simple = /^(=|\^|~>?)?(\s*v?)([\d.xX*]+)$/
const upper = /(<=?\s*v?)(\d+(?:\.\d+){0,2})(?:-0)?(?=\s*(?:,|$))/
const hyphen = /^(\S+\s+-\s+v?)(\d+(?:\.\d+){0,2})$/

function movedRange(range: string, version: SemVer): string | undefined {
  const [, operator = '', blank = '', parts] = simple.exec(range) ?? []
  if (parts !== undefined) return operator + blank + samePrecision(parts, version)
  if (range.includes('||'))
    return `${range} || ${/\^/.test(range) ? '^' : ''}${version.major}${/\^/.test(range) ? '' : '.x'}`
  const [, start, end = ''] = hyphen.exec(range) ?? []
  if (start !== undefined) return start + samePrecision(end, version)
  if (!upper.test(range)) return undefined
  return range.replace(upper, (_all, sign: string, bound: string) => {
    const isInclusive = sign.includes('=')
    return sign + (isInclusive ? samePrecision(bound, version) : above(bound, version))
  })
}

/** `1.2` and 3.4.5 make `3.4`; wildcards stay. */
function samePrecision(parts: string, { major, minor, patch }: SemVer): string {
  const numbers = [major, minor, patch]
  return parts
    .split('.')
    .map((part, at) => (/^\d+$/.test(part) ? String(numbers[at]) : part))
    .join('.')
}

/** The next bound that lets the version in: another major version where the old bound was one. */
function above(bound: string, { major, minor }: SemVer): string {
  const parts = bound.split('.')
  const isMajor = parts.slice(1).every((part) => Number(part) === 0)
  const next = isMajor ? [major + 1, 0, 0] : [major, minor + 1, 0]
  return next.slice(0, parts.length).join('.')
}

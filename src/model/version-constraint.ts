/** Version constraints as Masterminds/semver for Go reads them, which Argo CD and Helm use; node-semver differs in details. */
import { SemVer } from 'semver'

interface Comparator {
  operator: string
  version: SemVer
  /** The parts that were left out or given as a wildcard. */
  anyMajor: boolean
  anyMinor: boolean
  anyPatch: boolean
}

const part = '(0|[1-9]\\d*|[xX*])'
const comparatorText = `(=|==|!=|>|<|>=|=>|<=|=<|~|~>|\\^)?\\s*v?${part}(?:\\.${part})?(?:\\.${part})?(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?`
const comparatorPattern = new RegExp(`^${comparatorText}$`)
const comparatorsPattern = new RegExp(`${comparatorText}(?=[\\s,]|$)`, 'g')

export interface VersionConstraint {
  matches(version: SemVer): boolean
}

/** Undefined when the text is no constraint, or names exactly one version (`1.2.3`, `v1.2`): those are pins. */
export function parseConstraint(text: string): VersionConstraint | undefined {
  if (parseVersion(text)) return undefined
  const alternatives: Comparator[][] = []
  for (const alternative of text.split('||')) {
    const comparators = parseAlternative(hyphenRanges(alternative).trim())
    if (!comparators) return undefined
    alternatives.push(comparators)
  }
  return {
    matches: (version) => alternatives.some((all) => all.every((comparator) => satisfies(version, comparator))),
  }
}

/** The loose reading of a version: `1`, `v1.2` and `1.2.3-rc.1+build` are all versions. */
export function parseVersion(text: string): SemVer | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.exec(text)
  if (!match) return undefined
  const [, major, minor = '0', patch = '0', prerelease = '', build = ''] = match
  try {
    return new SemVer(`${major}.${minor}.${patch}${prerelease}${build}`)
  } catch {
    return undefined
  }
}

function hyphenRanges(text: string): string {
  return text.replace(/(\S+)\s+-\s+(\S+)/g, '>=$1 <=$2')
}

function parseAlternative(text: string): Comparator[] | undefined {
  const found = [...text.matchAll(comparatorsPattern)].map(([comparator]) => comparator)
  // Everything between the comparators must be separators.
  if (found.length === 0 || text.replace(comparatorsPattern, '').replace(/[\s,]/g, '') !== '') return undefined
  const comparators = found.map(parseComparator)
  return comparators.every((comparator) => comparator !== undefined) ? comparators : undefined
}

function parseComparator(text: string): Comparator | undefined {
  const match = comparatorPattern.exec(text)
  if (!match) return undefined
  const [, operator = '', major, minor, patch, prerelease = ''] = match
  const isAny = (value: string | undefined): boolean => value === undefined || /^[xX*]$/.test(value)
  const anyMajor = isAny(major)
  const anyMinor = anyMajor || isAny(minor)
  const anyPatch = anyMinor || isAny(patch)
  const numbers = [anyMajor ? '0' : major, anyMinor ? '0' : minor, anyPatch ? '0' : patch].join('.')
  return { operator, version: new SemVer(`${numbers}${prerelease}`), anyMajor, anyMinor, anyPatch }
}

function satisfies(version: SemVer, comparator: Comparator): boolean {
  const { operator, version: bound, anyMajor } = comparator
  // A prerelease is only ever chosen by a comparator that names one, such as `>=1.2.0-0`.
  if (version.prerelease.length > 0 && bound.prerelease.length === 0) return false
  if (anyMajor) return operator !== '!=' && operator !== '>' && operator !== '<'
  const rule = rules[operator] ?? isEqual
  return rule(version, comparator)
}

type Rule = (version: SemVer, comparator: Comparator) => boolean

const rules: Record<string, Rule> = {
  '': isEqual,
  '=': isEqual,
  '==': isEqual,
  '!=': (version, comparator) => !isEqual(version, comparator),
  '>': (version, { version: bound, anyMinor, anyPatch }) => {
    if (anyMinor) return version.major > bound.major
    if (anyPatch) return version.major > bound.major || (version.major === bound.major && version.minor > bound.minor)
    return version.compare(bound) > 0
  },
  '<': (version, { version: bound }) => version.compare(bound) < 0,
  '>=': atLeast,
  '=>': atLeast,
  '<=': atMost,
  '=<': atMost,
  '~': isPatchOf,
  '~>': isPatchOf,
  '^': (version, { version: bound, anyMinor, anyPatch }) => {
    if (version.compare(bound) < 0) return false
    if (bound.major > 0 || anyMinor) return version.major === bound.major
    if (version.major > 0) return false
    if (bound.minor > 0 || anyPatch) return version.minor === bound.minor
    return version.minor === 0 && version.patch === bound.patch
  },
}

function isEqual(version: SemVer, comparator: Comparator): boolean {
  return comparator.anyPatch ? isPatchOf(version, comparator) : version.compare(comparator.version) === 0
}

function atLeast(version: SemVer, { version: bound }: Comparator): boolean {
  return version.compare(bound) >= 0
}

function atMost(version: SemVer, { version: bound, anyMinor, anyPatch }: Comparator): boolean {
  if (!anyPatch) return version.compare(bound) <= 0
  if (version.major !== bound.major) return version.major < bound.major
  return anyMinor || version.minor <= bound.minor
}

function isPatchOf(version: SemVer, { version: bound, anyMinor, anyPatch }: Comparator): boolean {
  if (version.compare(bound) < 0) return false
  if (bound.compare('0.0.0') === 0 && !anyMinor && !anyPatch) return true
  return version.major === bound.major && (anyMinor || version.minor === bound.minor)
}

/** The highest of the given version names that the constraint admits. */
export function highest(names: Iterable<string>, constraint: VersionConstraint): string | undefined {
  let best: { name: string; version: SemVer } | undefined
  for (const name of names) {
    const version = parseVersion(name)
    if (!version || !constraint.matches(version)) continue
    if (!best || version.compare(best.version) > 0) best = { name, version }
  }
  return best?.name
}

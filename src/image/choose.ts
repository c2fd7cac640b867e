/** Which of the tags that a registry has is the one to run. Pure. */
import type { SemVer } from 'semver'
import { parseConstraint, parseVersion, type VersionConstraint } from '../model/version-constraint.ts'
import type { ImageRule } from './rules.ts'

/** The tags that the rule lets through, the best first. Those built at an unknown time are none of `newest-build`. */
export function ranked(
  rule: ImageRule,
  tags: readonly string[],
  builtAt: (tag: string) => number | undefined,
): string[] {
  const admitted = tags.filter((tag) => rule.admits(tag))
  switch (rule.strategy) {
    case 'semver':
      return bySemver(admitted, rule.constraint)
    case 'alphabetical':
      return admitted.sort((one, other) => compareText(other, one))
    case 'newest-build':
      return byBuild(admitted, builtAt)
    case 'digest':
      return admitted.filter((tag) => tag === rule.constraint)
  }
}

function bySemver(tags: string[], constraint: string): string[] {
  const range = rangeOf(constraint)
  return tags
    .flatMap((tag) => {
      const version = parseVersion(tag)
      return version && range?.matches(version) ? [{ tag, version }] : []
    })
    .sort((one, other) => compareVersions(other, one))
    .map(({ tag }) => tag)
}

/** Of two spellings of one version (`1.2` and `1.2.0`) the longer one moves less. */
function compareVersions(one: { tag: string; version: SemVer }, other: { tag: string; version: SemVer }): number {
  return (
    compareSemver(one.version, other.version) || one.tag.length - other.tag.length || compareText(one.tag, other.tag)
  )
}

/** What is behind a plus sign orders what is otherwise the same. */
function compareSemver(one: SemVer, other: SemVer): number {
  return one.compare(other) || one.compareBuild(other)
}

function byBuild(tags: string[], builtAt: (tag: string) => number | undefined): string[] {
  return tags
    .flatMap((tag) => {
      const at = builtAt(tag)
      return at === undefined ? [] : [{ tag, at }]
    })
    .sort((one, other) => other.at - one.at || compareText(other.tag, one.tag))
    .map(({ tag }) => tag)
}

/** Without a constraint every version counts but prereleases; a version alone is taken for itself. */
export function rangeOf(constraint: string): VersionConstraint | undefined {
  if (constraint === '') return parseConstraint('*')
  return parseConstraint(constraint) ?? parseConstraint(`=${constraint}`)
}

/** By code points, as registries sort. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/**
 * Whether what runs stays: it is as good as the best that the registry has. Also where its tag is gone from the registry,
 * so that a registry that is cleaned up, or answers with half of its tags, sets nobody back.
 */
export function isAsGood(
  rule: ImageRule,
  { running, best }: { running: string; best: string },
  builtAt: (tag: string) => number | undefined,
): boolean {
  if (running === best) return true
  if (rule.strategy === 'digest') return false
  const [first] = ranked(rule, [running, best], builtAt)
  if (first === running) return true
  const [one, other] = [parseVersion(running), parseVersion(best)]
  // Two spellings of one version.
  return rule.strategy === 'semver' && rule.admits(running) && !!one && !!other && compareSemver(one, other) === 0
}

/** Versions that a registry has beyond what a rule allows: newer by their numbers, and kept back by something. Pure. */
import type { SemVer } from 'semver'
import { parseVersion } from '../model/version-constraint.ts'
import { proposedTarget } from '../source/version-choice.ts'
import { rangeOf } from './choose.ts'
import type { ImageRule } from './rules.ts'
import type { TagRefusal } from './tag-filter.ts'

export interface HeldBack {
  version: string
  /** The range does not name it, the tags are filtered, or it lacks a platform. */
  by: 'range' | TagRefusal | 'platforms'
}

export interface HeldBackInput {
  /** All that the registry has. */
  tags: readonly string[]
  /** The newest that the rule allows. */
  newest: string | undefined
  running: readonly string[]
}

const most = 20

/** The newest first. Only versions have an order that says what is newer: other strategies hold nothing back. */
export function heldBack(rule: ImageRule, { tags, newest, running }: HeldBackInput): HeldBack[] {
  if (rule.strategy !== 'semver') return []
  const bound = newest ?? running.find((tag) => parseVersion(tag))
  const least = bound === undefined ? undefined : parseVersion(bound)
  const range = rangeOf(rule.constraint)
  return tags
    .flatMap((tag) => {
      const version = parseVersion(tag)
      return version && isCounted(version, rule) ? [{ tag, version }] : []
    })
    .filter(({ tag, version }) => !bound || !least || (isAlike(tag, bound) && version.compare(least) > 0))
    .sort((one, other) => other.version.compare(one.version) || (one.tag < other.tag ? -1 : 1))
    .slice(0, most)
    .map(({ tag, version }) => ({
      version: tag,
      by: rule.refusal(tag) ?? (range?.matches(version) ? 'platforms' : 'range'),
    }))
}

/** The constraint to write for the newest that the range alone keeps back: of the form that somebody has written. */
export function proposedConstraint(rule: ImageRule, held: readonly HeldBack[]): string | undefined {
  const newest = held.find(({ by }) => by === 'range')?.version
  return newest === undefined || rule.constraint === '' ? undefined : proposedTarget(rule.constraint, newest)
}

/** Prereleases are nothing that anybody waits for, unless the range names one. */
function isCounted({ prerelease }: SemVer, { constraint }: ImageRule): boolean {
  return prerelease.length === 0 || /\d-[0-9A-Za-z]/.test(constraint)
}

/** `2`, `2.0` and `2.0.0` are one image under three names; a date is no version of what is at 1.4.2, nor 1.4-alpine. */
function isAlike(one: string, other: string): boolean {
  const [first, second] = [formOf(one), formOf(other)]
  return first.parts === second.parts && first.variant === second.variant
}

const early = /^(\d|alpha|beta|rc|pre|dev|snapshot|canary|next|m\d)/i

/** What follows the numbers is the way to a release, or names another build of the same. */
function formOf(tag: string): { parts: number; variant: string } {
  const [numbers = '', ...rest] = tag.split(/[-+]/)
  const suffix = rest.join('-')
  return { parts: numbers.split('.').length, variant: early.test(suffix) ? '' : suffix.replace(/\d+/g, '#') }
}

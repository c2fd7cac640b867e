/** How an image or a source stands among the versions that there are. Pure. */
import type { ImageRow } from '../data/application-images.ts'
import type { SourceVersions } from '../data/source-versions.ts'

export type Standing =
  /** There is nothing newer. */
  | 'newest'
  /** There is, and something keeps it back. */
  | 'allowed'
  /** A newer one is allowed, and not there yet. */
  | 'newer'
  /** It is asked for, and does not run yet. */
  | 'written'
  | 'not running'
  | 'nothing fits'
  | 'failed'
  /** Nobody has asked. */
  | 'unknown'
  /** No rule is about it. */
  | 'unwatched'
  /** A branch or another name that moves: it has no versions. */
  | 'followed'

export function imageStanding({ alias, state, heldBack }: ImageRow): Standing {
  if (alias === undefined) return 'unwatched'
  if (state === 'current') return heldBack?.length ? 'allowed' : 'newest'
  if (state === 'outdated') return 'newer'
  return state === 'written' || state === 'not running' || state === 'nothing fits' || state === 'failed'
    ? state
    : 'unknown'
}

/** `deployed`: its revision at the last deployment; what the endpoint tells of is the one that is wanted. */
export function sourceStanding(
  { message, kind, revision, running, allowed, proposal }: SourceVersions,
  deployed?: string,
): Standing {
  if (message !== undefined) return 'failed'
  if (kind === 'name') return 'followed'
  if (allowed === undefined) return 'nothing fits'
  if (isBehind(revision, deployed)) return 'written'
  // A commit that no tag names may be anything.
  if (running === undefined) return 'unknown'
  if (running !== allowed) return 'newer'
  return proposal === undefined ? 'newest' : 'allowed'
}

export function isBehind(revision: string | undefined, deployed: string | undefined): deployed is string {
  return revision !== undefined && deployed !== undefined && revision !== deployed
}

export interface HeldBack {
  /** The newest of them. */
  version: string
  by: string
  /** The others that the same keeps back. */
  others: string[]
}

/** One for each reason, in the order of their newest versions. */
export function heldByReason(held: ImageRow['heldBack'] = []): HeldBack[] {
  const groups = new Map<string, string[]>()
  for (const { version, by } of held) groups.set(by, [...(groups.get(by) ?? []), version])
  return [...groups].flatMap(([by, [version, ...others]]) => (version === undefined ? [] : [{ version, by, others }]))
}

export interface Counts {
  newer: number
  held: number
  failed: number
  unfit: number
  unknown: number
  unwatched: number
}

/** What asks for attention, over all images and sources. */
export function countsOf(images: ImageRow[], sources: SourceVersions[], deployed: string[] = []): Counts {
  const ofSources = sources.map((source, index) => sourceStanding(source, deployed[index]))
  const standings = [...images.map(imageStanding), ...ofSources]
  const count = (...which: Standing[]) => standings.filter((one) => which.includes(one)).length
  return {
    newer: count('newer', 'written'),
    held:
      images.filter(({ heldBack }) => heldBack?.length).length +
      sources.filter(({ proposal }) => proposal !== undefined).length,
    failed: count('failed'),
    unfit: count('nothing fits'),
    unknown: count('unknown'),
    unwatched: count('unwatched'),
  }
}

/** `TAG@sha256:…` with as much of the digest as tells it from others. */
export function shortVersion(version: string): string {
  return version.replace(/@sha256:([0-9a-f]{7})[0-9a-f]+$/, '@$1')
}

/** The part that people call it by, and what is in front of it. */
export function nameParts(name: string): { home: string; own: string } {
  const slash = name.lastIndexOf('/')
  return { home: name.slice(0, slash + 1), own: name.slice(slash + 1) }
}

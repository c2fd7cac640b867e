/** What is found out of one image of one application. Pure. */
import { isAsGood, ranked } from './choose.ts'
import type { HeldBack } from './held-back.ts'
import type { ImageReference, ImageVersion } from './reference.ts'
import type { ImageRule } from './rules.ts'

export type FindingState =
  /** What runs is the newest that the rule allows. */
  | 'current'
  /** There is a newer one. */
  | 'outdated'
  /** The newest is asked for, and does not run yet. */
  | 'written'
  /** Nothing of the application runs the image. */
  | 'not running'
  /** The registry has no tag that the rule allows. */
  | 'nothing fits'
  | 'failed'

export interface Finding {
  alias: string
  /** Without tag and digest. */
  image: string
  strategy: ImageRule['strategy']
  constraint: string
  /** `TAG[@DIGEST]`, as they run now. */
  running: string[]
  /** The newest that the rule allows, in the same form. */
  newest?: string
  /** What else is newer, the newest first. */
  heldBack?: HeldBack[]
  /** In the place of the constraint: allows the newest that the range holds back. */
  proposal?: string
  state: FindingState
  /** Why it has failed. */
  message?: string
}

/** `specified`: what the source says itself, which counts before what a roll-out has got to. */
export interface Standing {
  running: ImageReference[]
  specified: ImageReference | undefined
  newest: ImageVersion
  builtAt(tag: string): number | undefined
}

export function stateOf(rule: ImageRule, standing: Standing): FindingState {
  if (isOutdated(rule, standing)) return 'outdated'
  const { specified, running } = standing
  if (!specified || running.length === 0) return 'current'
  return isOutdated(rule, { ...standing, specified: undefined }) ? 'written' : 'current'
}

function isOutdated(rule: ImageRule, { running, specified, newest, builtAt }: Standing): boolean {
  const counted = specified ? [specified] : ofTheRule(rule, running, builtAt)
  if (counted.length === 0) return true
  return counted.some(({ tag = '', digest }) => {
    if (rule.strategy === 'digest') return digest !== newest.digest
    return !isAsGood(rule, { running: tag, best: newest.tag }, builtAt)
  })
}

/** Where several rules are about one image, each is about what it could have chosen. */
function ofTheRule(
  rule: ImageRule,
  running: ImageReference[],
  builtAt: (tag: string) => number | undefined,
): ImageReference[] {
  const own = running.filter(({ tag = '' }) => isOfTheRule(rule, tag, builtAt))
  return own.length > 0 ? own : running
}

function isOfTheRule(rule: ImageRule, tag: string, builtAt: (tag: string) => number | undefined): boolean {
  return ranked(rule, [tag], builtAt).length > 0
}

/** The rights of a caller for as long as a stream is open: the policy may change, and the token may end. */
import type { Access, Caller, Enforcer, Question, StandingQuestion } from '../access/index.ts'
import { ApiError } from './api-error.ts'

export interface StandingRights {
  /** By the policy of this moment, give or take a second. */
  may(question: Question): boolean
  /** The same for objects that are asked about again and again. */
  mayOf<Item extends object>(item: Item, question: StandingQuestion<Item>): boolean
  /** The same object for as long as every answer about objects of the project is the same. */
  basisIn(project: string): object
  /** Throws as soon as the token is no longer good; cheap when it was looked at a moment ago. */
  check(): Promise<void>
}

export interface RightsOptions {
  caller: Caller
  token: string | undefined
  /** Milliseconds. */
  now(): number
}

/** How often a token is looked at while its stream is open. */
export const recheckMs = 10_000
const policyMs = 1000

export function standingRights(
  { caller, token, now }: RightsOptions,
  access: Pick<Access, 'callerOf' | 'enforcerOf'>,
): StandingRights {
  let current = caller
  let enforcer = access.enforcerOf(current)
  let enforcedAt = now()
  let checkedAt = now()

  function enforcerNow(): Enforcer {
    if (now() - enforcedAt >= policyMs) {
      enforcer = access.enforcerOf(current)
      enforcedAt = now()
    }
    return enforcer
  }

  return {
    may: (question) => enforcerNow().may(question).allowed,
    mayOf: (item, question) => enforcerNow().mayOf(item, question),
    basisIn: (project) => enforcerNow().basisIn(project),
    async check() {
      if (now() - checkedAt < recheckMs) return
      checkedAt = now()
      const found = await access.callerOf(token)
      if (!found) throw new ApiError('Unauthenticated', 'the session has ended: sign in again')
      // Groups and accounts may have changed.
      current = found
      enforcedAt = 0
    },
  }
}

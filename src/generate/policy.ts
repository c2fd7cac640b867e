/** What may be done to the applications of a set: its own policy, as far as the installation lets it have one. Pure. */
import type { ApplicationSet } from '../model/index.ts'

const policies = {
  sync: { updates: true, deletes: true },
  'create-update': { updates: true, deletes: false },
  'create-delete': { updates: false, deletes: true },
  'create-only': { updates: false, deletes: false },
} as const

export type PolicyName = keyof typeof policies

export interface Policy {
  updates: boolean
  deletes: boolean
}

export function policyNamed(text: string): PolicyName | undefined {
  return Object.hasOwn(policies, text) ? (text as PolicyName) : undefined
}

export const policyNames = Object.keys(policies)

export interface PolicySettings {
  /** Of the installation. */
  policy: PolicyName
  /** Whether a set may have another. */
  allowsOverride: boolean
}

/** A name that there is not permits the least: nobody loses applications by a typing error. */
export function policyOf({ spec }: ApplicationSet, { policy, allowsOverride }: PolicySettings): Policy {
  const own = spec.syncPolicy?.applicationsSync
  if (!own || !allowsOverride) return policies[policy]
  return policies[policyNamed(own) ?? 'create-only']
}

/** Follows the rules about one object: what is wanted of it, with the ignored fields as they are live. */
import type { FieldDrift, KubeObject } from '../../model/index.ts'
import { differencesAsDrifts } from '../field-drifts.ts'
import { placesOf } from './json-path.ts'
import type { IgnoreRule } from './rules.ts'
import { type Ignored, type Keep, liveValue, settle } from './settle.ts'

export interface Settled {
  object: KubeObject
  /** What differs and does not count, each with its rule. */
  ignored: FieldDrift[]
}

/** Both states; the live one with the managedFields that are to count. */
export interface States {
  wanted: KubeObject
  live: KubeObject
}

/** Rejects with RuleFault when a rule cannot be followed. */
export async function ignoreDifferences(
  { wanted, live }: States,
  rules: readonly IgnoreRule[],
  maskedAnnotations?: readonly string[],
): Promise<Settled> {
  let object = wanted
  const ignored: FieldDrift[] = []
  for (const rule of rules) {
    const settled = settle(object, live, { ignored: await ignoredBy(rule, { wanted: object, live }), keep: liveValue })
    if (settled === object) continue
    // How it would be if only this rule were not there.
    const { managedFields } = live.metadata
    const found = differencesAsDrifts({ live: settled, desired: object, managedFields, maskedAnnotations })
    ignored.push(...found.map((drift) => ({ ...drift, ignoredBy: rule.by })))
    object = settled
  }
  return { object, ignored }
}

/** Without the account of what was ignored. */
export async function settleAll(
  { wanted, live }: States,
  { rules, keep }: { rules: readonly IgnoreRule[]; keep: Keep },
): Promise<KubeObject> {
  let object = wanted
  for (const rule of rules)
    object = settle(object, live, { ignored: await ignoredBy(rule, { wanted: object, live }), keep })
  return object
}

async function ignoredBy(rule: IgnoreRule, { wanted, live }: States): Promise<Ignored> {
  const placesIn = async (object: KubeObject) => placesOf(await rule.places(object))
  return { wanted: rule.needsManagers ? undefined : await placesIn(wanted), live: await placesIn(live) }
}

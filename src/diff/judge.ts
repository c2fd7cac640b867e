/** The verdict on one object: with a local look where that settles it, else by asking the server. */
import { contentHash } from '../model/content-hash.ts'
import {
  describeKey,
  type FieldDrift,
  type KubeObject,
  keyOf,
  messageOf,
  type Verdict,
  withoutSecretValues,
} from '../model/index.ts'
import { ownedByUs } from './blame.ts'
import { fieldDrifts } from './field-drifts.ts'
import { ignoreDifferences, settleAll } from './ignore/apply-rules.ts'
import { type IgnoreRule, RuleFault } from './ignore/rules.ts'
import { wholeLiveValue } from './ignore/settle.ts'
import { matchesLocally } from './match-locally.ts'
import { predictLocally } from './predict-locally.ts'

/** The questions that only the server can answer, about one object. */
export interface ServerAnswers {
  /** What a server-side apply would make of the object; nothing is stored. */
  predict(desired: KubeObject): Promise<KubeObject>
  /** The object as it is now, with all managedFields; undefined when it is gone. */
  read(): Promise<KubeObject | undefined>
}

/** `compare-options` of an Application. */
export interface CompareOptions {
  /** False: the server is not asked, as `ServerSideDiff=false` has it. */
  serverSide: boolean
  /** Counts what admission webhooks would change in fields that Git does not declare. */
  includeMutations: boolean
  /** Annotations of Secrets whose values are not told. */
  maskedAnnotations: readonly string[]
}

export interface JudgeInput {
  /** Normalised and tracked. */
  desired: KubeObject
  /** As a cache may have it: with our own entry of managedFields at least. */
  live: KubeObject
  rules: readonly IgnoreRule[]
  options: CompareOptions
  server: ServerAnswers
  /** This same desired state was in sync at some time: a field that is missing since then was removed by somebody. */
  wasSynced: boolean
}

/** Never rejects: what stands in the way of a verdict is one of its own. */
export async function judge(input: JudgeInput): Promise<Verdict> {
  const { desired, live, options } = input
  if (!options.includeMutations && matchesLocally(desired, live, ownedByUs(live))) return { kind: 'synced' }
  try {
    return await judgeWithRules(input)
  } catch (error) {
    if (error instanceof RuleFault)
      return { kind: 'unknown', reason: `${describeKey(keyOf(desired))}: ${messageOf(error)}` }
    throw error
  }
}

async function judgeWithRules(input: JudgeInput): Promise<Verdict> {
  const { desired, live, rules, server, options } = input
  if (rules.length === 0) return ask(input, { wanted: desired, ignored: [] })
  const cached = await ignoreDifferences({ wanted: desired, live }, rules, options.maskedAnnotations)
  if (isSettled(cached.object, live, options)) return synced(cached.ignored)
  const needsManagers = rules.some((rule) => rule.needsManagers)
  if (cached.object === desired && !needsManagers) return ask(input, { wanted: desired, ignored: [] })
  const current = await server.read().catch(() => undefined)
  if (!current) return unreadable(desired)
  const { object: wanted, ignored } = await ignoreDifferences(
    { wanted: desired, live: current },
    rules,
    options.maskedAnnotations,
  )
  if (isSettled(wanted, current, options)) return synced(ignored)
  return ask(input, { wanted, ignored, current })
}

function isSettled(wanted: KubeObject, live: KubeObject, { includeMutations }: CompareOptions): boolean {
  return !includeMutations && matchesLocally(wanted, live, ownedByUs(live))
}

function synced(ignored: FieldDrift[]): Verdict {
  return ignored.length > 0 ? { kind: 'synced', ignored } : { kind: 'synced' }
}

function unreadable(desired: KubeObject): Verdict {
  return { kind: 'unknown', reason: `${describeKey(keyOf(desired))} could not be read` }
}

interface Question {
  /** Desired, with ignored fields as they are live. */
  wanted: KubeObject
  ignored: FieldDrift[]
  /** The live object in full, where it has been read already. */
  current?: KubeObject
}

async function ask(input: JudgeInput, { wanted, ignored, current }: Question): Promise<Verdict> {
  const { live, rules, server, options, wasSynced } = input
  const { maskedAnnotations } = options
  let predicted: KubeObject
  try {
    predicted = options.serverSide ? await server.predict(wanted) : predictLocally(wanted, current ?? live)
  } catch (error) {
    return refusal(wanted, error)
  }
  if (options.serverSide && contentHash(predicted) === contentHash(live)) return synced(ignored)
  const full = current ?? (await server.read().catch(() => undefined))
  if (!full) return unreadable(wanted)
  const settled = await settleAll({ wanted: predicted, live: full }, { rules, keep: wholeLiveValue })
  const includeMutations = options.includeMutations || !options.serverSide
  const fields = fieldDrifts({
    desired: wanted,
    live: full,
    predicted: settled,
    wasSynced,
    includeMutations,
    maskedAnnotations,
  })
  if (fields.length === 0) return synced(ignored)
  return { kind: 'changed', fields, ...(ignored.length > 0 && { ignored }) }
}

/**
 * A server that refuses the desired object (an immutable field, say) has said that it differs: that is drift, which a
 * sync will report. A server that could not answer has said nothing.
 */
function refusal(desired: KubeObject, error: unknown): Verdict {
  const code = (error as { code?: unknown }).code
  const refused = typeof code === 'number' && (code === 400 || code === 403 || code === 409 || code === 422)
  const message = withoutSecretValues(messageOf(error), desired)
  if (!refused) return { kind: 'unknown', reason: `${describeKey(keyOf(desired))}: ${message}` }
  return { kind: 'changed', fields: [], refused: message }
}

/** Everything that can be told about one object: the verdict, what does not count and why, and what Git leaves open. */
import { type KubeObject, keyOf, type ObjectComparison, type Verdict } from '../model/index.ts'
import { type JudgeInput, judge } from './judge.ts'
import { undeclaredFields } from './undeclared.ts'

/** `live`: in full, with all managedFields; undefined when there is none. */
export type CompareInput = Omit<JudgeInput, 'live'> & { live: KubeObject | undefined }

export async function compareObject({ live, ...input }: CompareInput): Promise<ObjectComparison> {
  const key = keyOf(input.desired)
  if (!live) return { ...key, verdict: 'missing', fields: [], ignored: [], undeclared: [] }
  const verdict = await judge({ ...input, live })
  const undeclared = undeclaredFields(input.desired, live, input.options.maskedAnnotations)
  return { ...key, ...toldVerdict(verdict), undeclared }
}

export type ToldVerdict = Pick<ObjectComparison, 'verdict' | 'fields' | 'ignored' | 'message'>

export function toldVerdict(verdict: Verdict): ToldVerdict {
  const fields = verdict.kind === 'changed' ? verdict.fields : []
  const ignored = verdict.kind === 'changed' || verdict.kind === 'synced' ? (verdict.ignored ?? []) : []
  if (verdict.kind === 'unknown') return { verdict: 'unknown', fields, ignored, message: verdict.reason }
  if (verdict.kind === 'changed' && verdict.refused !== undefined) {
    return { verdict: 'refused', fields, ignored, message: verdict.refused }
  }
  return { verdict: verdict.kind, fields, ignored }
}

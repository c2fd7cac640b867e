/** By which rules one application is compared: its own and those of the installation. */
import { type Application, annotation, listAnnotation } from '../model/index.ts'
import type { Jq } from './ignore/jq-worker.ts'
import { compileRules, type IgnoreRules, type RuleEntry } from './ignore/rules.ts'
import type { CompareOptions } from './judge.ts'
import type { DiffSettings } from './settings.ts'

export interface ComparisonRules {
  ignore: IgnoreRules
  options: CompareOptions
  /** What is wrong with the application's own rules. */
  faults: string[]
}

/** What the rules are made of. While it stays the same, so do they. */
export interface RuleBasis {
  own: RuleEntry[]
  common: RuleEntry[]
  options: CompareOptions
}

/** Without an application, what counts for every one. */
export function ruleBasis(application: Application | undefined, settings: DiffSettings): RuleBasis {
  const own = application?.spec.ignoreDifferences ?? []
  const named = listAnnotation(application?.metadata.annotations?.[annotation.compareOptions])
  return {
    own: own.map((entry, index) => ({ ...entry, origin: `spec.ignoreDifferences[${index}]` })),
    common: settings.ignoreDifferences,
    options: {
      serverSide: !named.includes('ServerSideDiff=false'),
      includeMutations: named.includes('IncludeMutationWebhook=true'),
      maskedAnnotations: settings.maskedAnnotations,
    },
  }
}

export async function comparisonRules({ own, common, options }: RuleBasis, jq: Jq): Promise<ComparisonRules> {
  return {
    ignore: compileRules([...own, ...common], jq),
    options,
    faults: await compileRules(own, jq).faults(),
  }
}

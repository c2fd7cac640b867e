/** The rules by which one application is compared, made anew only when its spec or the settings change. */
import { deepEqual } from 'fast-equals'
import {
  type ComparisonRules,
  comparisonRules,
  type DiffSettings,
  type Jq,
  type RuleBasis,
  ruleBasis,
} from '../diff/index.ts'
import type { Application } from '../model/index.ts'

export class RuleBook {
  #basis: RuleBasis | undefined
  #rules: ComparisonRules | undefined

  /** The same answer as long as nothing has changed. */
  async rulesOf(
    application: Application,
    { settings, jq }: { settings: DiffSettings; jq: Jq },
  ): Promise<ComparisonRules> {
    const basis = ruleBasis(application, settings)
    if (this.#rules && deepEqual(this.#basis, basis)) return this.#rules
    this.#rules = await comparisonRules(basis, jq)
    this.#basis = basis
    return this.#rules
  }
}

/** What one rendering may use up. What is used up stays used up: no function of a template gives it back. */
import { TemplateError } from './template-error.ts'

export interface TemplateLimits {
  /** Nodes evaluated, elements gone through and places at which a pattern was tried. */
  steps: number
  /** Characters of text made while rendering, the output among them. */
  textLength: number
  /** Templates within templates, parentheses within parentheses, values within values. */
  depth: number
}

export const defaultLimits: TemplateLimits = { steps: 2_000_000, textLength: 8 * 1024 * 1024, depth: 200 }

export class Budget {
  readonly #limits: TemplateLimits
  #steps = 0
  #textLength = 0
  #depth = 0

  constructor(limits: TemplateLimits) {
    this.#limits = limits
  }

  step(count = 1): void {
    this.#steps += count
    if (this.#steps > this.#limits.steps) throw exceeded(`takes more than ${this.#limits.steps} steps`)
  }

  /** To be asked before a text of that length is made. */
  text(length: number): void {
    this.#textLength += length
    if (this.#textLength > this.#limits.textLength) {
      throw exceeded(`makes more than ${this.#limits.textLength} characters of text`)
    }
  }

  /** Runs `work` one level further down. */
  nested<Result>(work: () => Result): Result {
    this.#depth += 1
    if (this.#depth > this.#limits.depth) throw exceeded(`is nested more than ${this.#limits.depth} levels deep`)
    try {
      return work()
    } finally {
      this.#depth -= 1
    }
  }
}

function exceeded(what: string): TemplateError {
  return new TemplateError(`the template ${what}: look for a loop or a recursion that does not end`, { isLimit: true })
}

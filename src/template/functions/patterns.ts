/** sprig's functions for regular expressions. */
import { Pattern, type Slots } from '../../pattern/index.ts'
import type { Budget } from '../budget.ts'
import { type TemplateFunction, templateFunction, type Value } from '../value.ts'

type Search = (pattern: Pattern, search: { text: string; budget: Budget; count(steps: number): void }) => Value

function counting(budget: Budget): (steps: number) => void {
  return (steps) => budget.step(steps)
}

function matched(text: string, match: Slots): string {
  return text.slice(match[0], match[1])
}

/** Under its name, and with `must` before it. */
function both(name: string, made: TemplateFunction): Record<string, TemplateFunction> {
  return { [name]: made, [`must${name[0]?.toUpperCase()}${name.slice(1)}`]: made }
}

function searching(search: Search): TemplateFunction {
  return templateFunction(['budget', 'string', 'string'], (budget: Budget, source: string, text: string) => {
    budget.step(source.length)
    return search(new Pattern(source), { text, budget, count: counting(budget) })
  })
}

function limited(
  search: (pattern: Pattern, text: string, options: { limit: number; count(steps: number): void }) => Value,
) {
  return templateFunction(
    ['budget', 'string', 'string', 'int'],
    (budget: Budget, source: string, text: string, limit: bigint) => {
      return search(new Pattern(source), text, { limit: Number(limit), count: counting(budget) })
    },
  )
}

function replacing(replacement: (pattern: Pattern, text: string, given: { template: string; match: Slots }) => string) {
  return templateFunction(
    ['budget', 'string', 'string', 'string'],
    (budget: Budget, source: string, text: string, template: string) => {
      const pattern = new Pattern(source)
      const made = (match: Slots): string => {
        const piece = replacement(pattern, text, { template, match })
        budget.text(piece.length)
        return piece
      }
      budget.text(text.length)
      return pattern.replaceAll(text, made, counting(budget))
    },
  )
}

export const patternFunctions: Record<string, TemplateFunction> = {
  // Unlike its relatives it does not fail for what is no pattern.
  regexMatch: templateFunction(['budget', 'string', 'string'], (budget: Budget, source: string, text: string) => {
    let pattern: Pattern
    try {
      pattern = new Pattern(source)
    } catch {
      return false
    }
    return pattern.test(text, counting(budget))
  }),
  mustRegexMatch: searching((pattern, { text, count }) => pattern.test(text, count)),
  ...both(
    'regexFind',
    searching((pattern, { text, count }) => {
      const match = pattern.exec(text, 0, count)
      return match ? matched(text, match) : ''
    }),
  ),
  ...both(
    'regexFindAll',
    limited((pattern, text, options) => pattern.all(text, options).map((match) => matched(text, match))),
  ),
  ...both(
    'regexReplaceAll',
    replacing((pattern, text, { template, match }) => pattern.expand(template, match, text)),
  ),
  ...both(
    'regexReplaceAllLiteral',
    replacing((_pattern, _text, { template }) => template),
  ),
  ...both(
    'regexSplit',
    limited((pattern, text, { limit, count }) => pattern.split(text, limit, count)),
  ),
  regexQuoteMeta: templateFunction(['string'], (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
}

/** What is wrong with a YAML text, in words. */
import { type Language, texts } from '../lib/language.ts'
import type { YamlProblem } from './yaml-problems.ts'

/** What is not known may be known to a newer schema; it stands in nobody's way. */
export function isWarning({ kind }: YamlProblem): boolean {
  return kind === 'unknown field'
}

export const problemTexts: Record<Language, (problem: YamlProblem) => string> = {
  en(problem) {
    switch (problem.kind) {
      case 'syntax':
        return `This is not YAML: ${problem.reason}`
      case 'unknown field':
        return `The schema has no field ${problem.name} here`
      case 'missing field':
        return `The field ${problem.name} is missing`
      case 'wrong type':
        return `Expected ${problem.expected.join(' or ')}, found ${problem.found}`
      case 'not one of':
        return `Expected one of ${problem.choices.join(', ')}`
      case 'pattern':
        return `Does not match ${problem.pattern}`
      case 'range':
        return `Expected a number ${rangeText(problem, 'of at least', 'of at most', 'and')}`
    }
  },
  fr(problem) {
    switch (problem.kind) {
      case 'syntax':
        return `Ce n’est pas du YAML : ${problem.reason}`
      case 'unknown field':
        return `Le schéma n’a pas de champ ${problem.name} à cet endroit`
      case 'missing field':
        return `Il manque le champ ${problem.name}`
      case 'wrong type':
        return `${problem.expected.join(' ou ')} attendu, ${problem.found} trouvé`
      case 'not one of':
        return `Valeurs possibles : ${problem.choices.join(', ')}`
      case 'pattern':
        return `Ne correspond pas à ${problem.pattern}`
      case 'range':
        return `Nombre attendu : ${rangeText(problem, 'au moins', 'au plus', 'et')}`
    }
  },
}

function rangeText(
  { minimum, maximum }: { minimum: number | undefined; maximum: number | undefined },
  least: string,
  most: string,
  and: string,
): string {
  const parts = [minimum !== undefined && `${least} ${minimum}`, maximum !== undefined && `${most} ${maximum}`]
  return parts.filter(Boolean).join(` ${and} `)
}

export const useProblemTexts = texts({
  en: {
    line: (line: number) => `Line ${line}`,
    of: problemTexts.en,
    more: (amount: number) => `and ${amount} more`,
  },
  fr: {
    line: (line: number) => `Ligne ${line}`,
    of: problemTexts.fr,
    more: (amount: number) => `et ${amount} de plus`,
  },
})

/** A permission with its patterns compiled. */
import { type Matcher, policyGlobMatcher, regexMatcher } from '../../pattern/index.ts'
import type { PermissionLine, PolicyProblem } from './policy-line.ts'

export type MatchMode = 'glob' | 'regex'

export interface CompiledLine {
  line: PermissionLine
  resource: Matcher
  action: Matcher
  object: Matcher
}

const matcherFor: Record<MatchMode, (pattern: string) => Matcher> = { glob: policyGlobMatcher, regex: regexMatcher }

/**
 * A pattern that cannot be read is a problem. In a line that allows it matches nothing, in one that denies everything: a
 * mistake never opens what was to be closed.
 */
export function compileLine(line: PermissionLine, mode: MatchMode, problems: PolicyProblem[]): CompiledLine {
  function matcher(field: 'resource' | 'action' | 'object'): Matcher {
    try {
      return matcherFor[mode](line[field])
    } catch (error) {
      const hint =
        mode === 'regex' && line[field].includes('*') ? ' In regular expressions .* stands for anything.' : ''
      const effect = line.effect === 'deny' ? 'it is taken to match everything' : 'the line grants nothing'
      const message = `the ${field} "${line[field]}" is no ${mode}: ${(error as Error).message}; ${effect}.${hint}`
      problems.push({ place: line.place, message, level: 'error' })
      return () => line.effect === 'deny'
    }
  }
  return { line, resource: matcher('resource'), action: matcher('action'), object: matcher('object') }
}

/** What is wrong, or probably not meant, in a whole policy. */
import { builtIn } from './built-in.ts'
import { compileLines, readPolicies } from './policy.ts'
import type { GrantLine, PermissionLine, PolicyLines, PolicyProblem } from './policy-line.ts'
import { readProjectSubject } from './project-policy.ts'
import { actionsOf, projectScoped, resources } from './words.ts'

/** `settings`: argocd-rbac-cm. In the order of the policy, problems of the whole last. */
export function validatePolicy(settings: Record<string, string>): PolicyProblem[] {
  const isRegex = settings['policy.matchMode'] === 'regex'
  const lines = readPolicies(settings)
  const problems = compileLines([{ lines, mode: isRegex ? 'regex' : 'glob' }]).problems
  for (const line of lines.permissions) {
    const message = unheard(line) ?? (isRegex ? undefined : doubt(line))
    if (message) problems.push({ place: line.place, message, level: 'warning' })
  }
  return [...inOrder(problems, settings), ...emptyRoles(lines), ...settingProblems(settings, lines)]
}

/** Fields keep spaces at their end, and subjects are compared to the letter. */
function unheard({ subject, resource, action, object }: PermissionLine): string | undefined {
  const spaced = [subject, resource, action, object].find((field) => field !== field.trimEnd())
  return spaced === undefined ? undefined : `"${spaced}" ends with a space and matches only with it: remove it`
}

function doubt({ resource, action, object }: PermissionLine): string | undefined {
  if (isPattern(resource)) return undefined
  const known = actionsOf[resource]
  if (!known) return `there is no resource "${resource}": it is one of ${resources.join(', ')}`
  const isKnown = known.some((one) => (one.endsWith('/') ? action.startsWith(one) : action === one))
  if (!isPattern(action) && !isKnown) {
    return `${resource} have no action "${action}": it is one of ${known.map((one) => (one.endsWith('/') ? `${one}…` : one)).join(', ')}`
  }
  const isInProject = projectScoped.has(resource) && resource !== 'clusters' && resource !== 'repositories'
  if (isInProject && !isPattern(object) && !object.includes('/')) {
    return `it matches nothing: an object of ${resource} is <project>/<name>, not "${object}"`
  }
  return undefined
}

function isPattern(text: string): boolean {
  return /[*?[{\\]/.test(text)
}

/** Roles that somebody has, and that may do nothing. Those of projects have their lines there. */
function emptyRoles({ permissions, grants }: PolicyLines): PolicyProblem[] {
  const heard = new Set([...permissions, ...builtIn.permissions].map(({ subject }) => subject))
  const inheriting = new Set([...grants, ...builtIn.grants].map(({ subject }) => subject))
  const isEmpty = ({ role }: GrantLine) => !heard.has(role) && !inheriting.has(role) && !readProjectSubject(role)
  return grants.filter(isEmpty).map(({ place, role }) => ({
    place,
    message: `no line says what "${role}" may do: add p lines for it, or correct its name`,
    level: 'warning',
  }))
}

function settingProblems(settings: Record<string, string>, { permissions, grants }: PolicyLines): PolicyProblem[] {
  const problem = (key: string, message: string): PolicyProblem => ({
    place: { text: settings[key] ?? '', source: key, number: 1 },
    message,
    level: 'warning',
  })
  const problems: PolicyProblem[] = []
  const mode = settings['policy.matchMode'] ?? ''
  if (!['', 'glob', 'regex'].includes(mode)) {
    problems.push(problem('policy.matchMode', `it is glob or regex; "${mode}" is taken to be glob`))
  }
  const role = (settings['policy.default'] ?? '').trim()
  const known = [...permissions, ...grants, ...builtIn.permissions].some(({ subject }) => subject === role)
  if (role && !known && !readProjectSubject(role)) {
    problems.push(problem('policy.default', `no line says what "${role}" may do`))
  }
  return problems
}

function inOrder(problems: PolicyProblem[], settings: Record<string, string>): PolicyProblem[] {
  const keys = ['policy.csv', ...Object.keys(settings).sort()]
  return problems.sort(
    ({ place: one }, { place: other }) =>
      keys.indexOf(one.source) - keys.indexOf(other.source) || one.number - other.number,
  )
}

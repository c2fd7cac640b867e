/** May somebody do something, and which line says so: with the policy, projects and switches that are in force. */
import type { AppProject } from '../model/index.ts'
import type { Access } from './access.ts'
import { AccessError } from './access-error.ts'
import type { Caller } from './caller.ts'
import type { Decision, EnforcedSubjects } from './rbac/enforcer.ts'
import { readScopes } from './rbac/policy.ts'
import type { PolicyProblem } from './rbac/policy-line.ts'
import { projectPolicyLines, readProjectSubject } from './rbac/project-policy.ts'
import { type PlainQuestion, readQuestion } from './rbac/question.ts'
import { validatePolicy } from './rbac/validate.ts'

export interface SubjectQuestion extends PlainQuestion {
  /** A user, a role or a group; the caller when left out. */
  subject?: string | undefined
  groups?: string[] | undefined
}

export interface PolicyState {
  problems: PolicyProblem[]
  defaultRole: string
  matchMode: 'glob' | 'regex'
  scopes: string[]
}

export class PolicyExplainer {
  private readonly access: Access

  constructor(access: Access) {
    this.access = access
  }

  /** About oneself anybody may ask; about others, who may see all accounts. */
  explain(caller: Caller, { subject, groups = [], ...question }: SubjectQuestion, controlNamespace: string): Decision {
    const request = readQuestion(question, controlNamespace)
    const isSelf = !subject || (groups.length === 0 && subject === caller.subjects.subject)
    if (isSelf) return this.access.enforcerOf(caller).may(request)
    if (!this.access.enforcerOf(caller).may({ resource: 'accounts', action: 'get', object: '*' }).allowed) {
      throw new AccessError('forbidden', 'permission denied', `accounts, get, *, sub: ${caller.name}`)
    }
    return this.access.enforcerFor(subjectsOf(subject, groups)).may(request)
  }

  /** Those of the installation first. */
  state(projects: AppProject[]): PolicyState {
    const settings = this.access.options.views.policy()
    return {
      problems: [...validatePolicy(settings), ...projects.flatMap((project) => projectPolicyLines(project).problems)],
      defaultRole: (settings['policy.default'] ?? '').trim(),
      matchMode: settings['policy.matchMode'] === 'regex' ? 'regex' : 'glob',
      scopes: readScopes(settings.scopes),
    }
  }
}

/** The role of a project is what its tokens are: they may do nothing in other projects. */
function subjectsOf(subject: string, groups: string[]): EnforcedSubjects {
  return { subject, groups, tokenProject: readProjectSubject(subject)?.project }
}

/** The policy of an installation, compiled once: the built-in lines, those of argocd-rbac-cm, and those of projects. */
import { load } from 'js-yaml'
import { LRUCache } from 'lru-cache'
import type { AppProject } from '../../model/index.ts'
import { builtIn } from './built-in.ts'
import { type CompiledLine, compileLine, type MatchMode } from './compiled-line.ts'
import { type EnforcedSubjects, Enforcer, type StandingAnswers } from './enforcer.ts'
import { joinLines, type PermissionLine, type PolicyLines, type PolicyProblem, readPolicyLines } from './policy-line.ts'
import { projectPolicyLines } from './project-policy.ts'
import { RoleGraph } from './roles.ts'

/** Lines by their subject, and who has which role. */
export interface CompiledLines {
  bySubject: Map<string, CompiledLine[]>
  roles: RoleGraph
  problems: PolicyProblem[]
}

export interface PolicyOptions {
  /** `update` and `delete` of an application include its objects: Argo CD before version 3. */
  inheritFineGrained: boolean
  /** `rollback` is asked for as `sync`. */
  rollbackIsSync: boolean
  /** The project of that name as it is now. Projects are not changed in place. */
  project(name: string): AppProject | undefined
}

export class Policy {
  readonly defaultRole: string
  /** Claims that hold groups. */
  readonly scopes: string[]
  readonly lines: CompiledLines
  readonly options: PolicyOptions
  private readonly mode: MatchMode
  private readonly projects = new WeakMap<AppProject, CompiledLines>()
  private readonly enforcers = new LRUCache<string, Enforcer>({ max: 1000 })
  /** By the question. An answer takes some forty bytes, and there is one for each application. */
  private readonly answers = new LRUCache<Enforcer, WeakMap<object, StandingAnswers>>({ max: 64 })

  /** `settings`: argocd-rbac-cm. */
  constructor(settings: Record<string, string>, options: PolicyOptions) {
    this.options = options
    this.defaultRole = (settings['policy.default'] ?? '').trim()
    this.scopes = readScopes(settings.scopes)
    this.mode = settings['policy.matchMode'] === 'regex' ? 'regex' : 'glob'
    this.lines = compileLines([
      // Written as globs, whatever the installation writes.
      { lines: builtIn, mode: 'glob' },
      { lines: readPolicies(settings), mode: this.mode },
    ])
  }

  /** Remembered: one caller asks many questions. */
  enforcerFor(subjects: EnforcedSubjects): Enforcer {
    const key = JSON.stringify([subjects.subject, subjects.groups, subjects.tokenProject])
    const known = this.enforcers.get(key)
    if (known) return known
    const enforcer = new Enforcer(this, subjects)
    this.enforcers.set(key, enforcer)
    return enforcer
  }

  /** What one caller has been answered to one question. */
  answersOf(enforcer: Enforcer, question: object): StandingAnswers {
    const ofCaller = this.answers.get(enforcer) ?? new WeakMap<object, StandingAnswers>()
    const known = ofCaller.get(question)
    if (known) return known
    const answers = { allowed: new WeakMap(), refused: new WeakMap() }
    this.answers.set(enforcer, ofCaller.set(question, answers))
    return answers
  }

  projectLines(name: string): CompiledLines | undefined {
    const project = this.options.project(name)
    if (!project) return undefined
    const known = this.projects.get(project)
    if (known) return known
    const compiled = compileLines([{ lines: projectPolicyLines(project), mode: this.mode }])
    this.projects.set(project, compiled)
    return compiled
  }
}

/** `policy.csv` first, then every `policy.<name>.csv` in the order of the keys. */
export function readPolicies(settings: Record<string, string>): PolicyLines {
  const others = Object.keys(settings)
    .filter((key) => key.startsWith('policy.') && key.endsWith('.csv') && key.length > 'policy.csv'.length)
    .sort()
  return joinLines(['policy.csv', ...others].map((key) => readPolicyLines(settings[key] ?? '', key)))
}

/** A list, or a single claim. What cannot be read is the default. */
export function readScopes(text: string | undefined): string[] {
  if (!text?.trim()) return ['groups']
  try {
    const value: unknown = load(text)
    const scopes = (Array.isArray(value) ? value : [value]).filter((scope) => typeof scope === 'string' && scope !== '')
    return scopes.length > 0 ? (scopes as string[]) : ['groups']
  } catch {
    return ['groups']
  }
}

export function compileLines(parts: { lines: PolicyLines; mode: MatchMode }[]): CompiledLines {
  const problems = parts.flatMap(({ lines }) => lines.problems)
  const bySubject = new Map<string, CompiledLine[]>()
  const add = (line: PermissionLine, mode: MatchMode) => {
    const compiled = compileLine(line, mode, problems)
    const known = bySubject.get(line.subject)
    if (known) known.push(compiled)
    else bySubject.set(line.subject, [compiled])
  }
  for (const { lines, mode } of parts) for (const line of lines.permissions) add(line, mode)
  return { bySubject, roles: new RoleGraph(parts.flatMap(({ lines }) => lines.grants)), problems }
}

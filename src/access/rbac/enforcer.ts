/**
 * May this caller do this? The order is Argo CD's: what the default role allows is allowed; then the caller's own subject is
 * asked, then each of its groups that a grant names. Each of them answers for itself: some line allows, and none denies.
 */
import { longestText } from '../../pattern/index.ts'
import type { CompiledLine } from './compiled-line.ts'
import type { CompiledLines, Policy } from './policy.ts'
import type { LinePlace } from './policy-line.ts'
import { namesSubAction, subActionOf } from './sub-actions.ts'
import { actionsOf, projectScoped } from './words.ts'

export interface Question {
  resource: string
  action: string
  /** More than one where policies may write the same thing in several ways, as a cluster by server or by name. */
  object: string | string[]
  /** The project of the object; left out, it is what stands before the first slash. `''` where it belongs to none. */
  project?: string
}

export interface Decision {
  allowed: boolean
  /** The line that decided; none where no line matched. */
  line?: LinePlace
  /** The role (or user) that the line is about. */
  role?: string
  /** Which of the caller's subjects has it: the default role, the caller itself or one of its groups. */
  subject?: string
}

export interface EnforcedSubjects {
  /** None for somebody unknown. */
  subject?: string | undefined
  groups: string[]
  /** The caller is the token of a role of this project: it may do nothing in others. */
  tokenProject?: string | undefined
}

/** One question about many objects that is asked again and again. What it is about is replaced when it changes. */
export interface StandingQuestion<Item extends object> {
  resource: string
  action: string
  /** Its object begins with the project, whichever that is. */
  objectOf(item: Item): string
  projectOf(item: Item): string
}

/** By the item, what it was answered by: see `basisIn`. */
export interface StandingAnswers {
  allowed: WeakMap<object, object>
  refused: WeakMap<object, object>
}

/** A question to one subject: its action and the spellings of its object. */
interface Asked {
  resource: string
  action: string
  objects: string[]
}

/** A subject with the lines of all its roles. */
class Voice {
  readonly subject: string
  private readonly lines: CompiledLine[]
  private readonly known = new Map<string, CompiledLine[]>()

  constructor(subject: string, global: CompiledLines, project?: CompiledLines) {
    this.subject = subject
    this.lines = [...global.roles.reach(subject, { and: project?.roles })].flatMap((role) => [
      ...(global.bySubject.get(role) ?? []),
      ...(project?.bySubject.get(role) ?? []),
    ])
  }

  answer({ resource, action, objects }: Asked): Decision {
    const part = subActionOf(resource, action)
    const lines = this.about(resource, action)
    if (!part) return this.decide(lines, objects)
    const naming = lines.filter(({ line }) => namesSubAction(part, line.action))
    const byName = this.decide(naming, objects)
    const whole = this.decide(this.about(resource, part.whole), objects)
    if (byName.line && !byName.allowed) return byName
    if (whole.allowed || !byName.allowed) return whole
    return this.decide(
      lines.filter((line) => naming.includes(line) || line.line.effect === 'deny'),
      objects,
    )
  }

  /** A line that denies wins wherever it stands. */
  private decide(lines: CompiledLine[], objects: string[]): Decision {
    let deciding: CompiledLine | undefined
    for (const line of lines) {
      const isDenial = line.line.effect === 'deny'
      if ((deciding && !isDenial) || !matches(line, objects)) continue
      deciding = line
      if (isDenial) break
    }
    if (!deciding) return nothing
    const { effect, place, subject } = deciding.line
    return { allowed: effect === 'allow', line: place, role: subject, subject: this.subject }
  }

  private about(resource: string, action: string): CompiledLine[] {
    const key = `${resource} ${action}`
    const known = this.known.get(key)
    if (known) return known
    const lines = this.lines.filter((line) => line.resource(resource) && line.action(action))
    // Words from outside are without number.
    if (actionsOf[resource]?.includes(action)) this.known.set(key, lines)
    return lines
  }
}

const nothing: Decision = { allowed: false }

function matches({ object }: CompiledLine, objects: string[]): boolean {
  for (const one of objects) if (object(one)) return true
  return false
}

export class Enforcer {
  private readonly policy: Policy
  private readonly subjects: EnforcedSubjects
  private readonly everywhere: Voice[]
  private readonly inOther: Voice[]
  private readonly inProject = new WeakMap<CompiledLines, Voice[]>()

  constructor(policy: Policy, subjects: EnforcedSubjects) {
    this.policy = policy
    this.subjects = subjects
    this.inOther = policy.defaultRole ? [new Voice(policy.defaultRole, policy.lines)] : []
    this.everywhere = [...this.inOther, ...this.ownVoices()]
  }

  may(request: Question): Decision {
    const { resource, object } = request
    const { rollbackIsSync, inheritFineGrained } = this.policy.options
    const objects = typeof object === 'string' ? [object] : object
    const action = request.action === 'rollback' && rollbackIsSync ? 'sync' : request.action
    if (isTooLong(resource) || isTooLong(action) || objects.some(isTooLong)) return nothing
    const voices = this.voicesFor(projectOf(request, objects))
    const whole = inheritFineGrained && resource === 'applications' ? wholeOf(action) : undefined
    const inherited = whole ? firstAllowed(voices, { resource, action: whole, objects }) : nothing
    return inherited.allowed ? inherited : firstAllowed(voices, { resource, action, objects })
  }

  /** The same object for as long as every answer about objects of the project is the same. */
  basisIn(project: string): object {
    // Of a project whose name has a slash in it no object can be told apart.
    return this.voicesFor(project.includes('/') ? undefined : project)
  }

  /** As `may` answers, remembered by the item. */
  mayOf<Item extends object>(item: Item, question: StandingQuestion<Item>): boolean {
    const [allowed] = this.allowedOf([item], question)
    return allowed !== undefined
  }

  /** Those of the items about which the answer is yes. */
  allowedOf<Item extends object>(items: Item[], question: StandingQuestion<Item>): Item[] {
    const { allowed, refused } = this.policy.answersOf(this, question)
    const { resource, action } = question
    const bases = new Map<string, object>()
    return items.filter((item) => {
      const project = question.projectOf(item)
      const basis = bases.get(project) ?? this.basisIn(project)
      bases.set(project, basis)
      if (allowed.get(item) === basis) return true
      if (refused.get(item) === basis) return false
      const decision = this.may({ resource, action, object: question.objectOf(item), project })
      const answers = decision.allowed ? allowed : refused
      answers.set(item, basis)
      return decision.allowed
    })
  }

  private voicesFor(project: string | undefined): Voice[] {
    const lines = project === undefined ? undefined : this.policy.projectLines(project)
    if (!lines) return this.everywhere
    const { tokenProject } = this.subjects
    if (tokenProject !== undefined && tokenProject !== project) return this.inOther
    const known = this.inProject.get(lines)
    if (known) return known
    const { defaultRole } = this.policy
    const inherited = defaultRole ? [...this.inOther, new Voice(defaultRole, this.policy.lines, lines)] : []
    const voices = [...inherited, ...this.ownVoices(lines)]
    this.inProject.set(lines, voices)
    return voices
  }

  private ownVoices(project?: CompiledLines): Voice[] {
    const { subject, groups } = this.subjects
    const { lines } = this.policy
    const granted = groups.filter((group) => lines.roles.grantsTo(group) || project?.roles.grantsTo(group))
    return [...(subject ? [subject] : []), ...granted].map((name) => new Voice(name, lines, project))
  }
}

function isTooLong({ length }: string): boolean {
  return length > longestText
}

/** `update` of `update/<group>/<kind>/<namespace>/<name>`. */
function wholeOf(action: string): string | undefined {
  return /^(update|delete)\/[^/]*\/[^/]*\/[^/]*\//.exec(action)?.[1]
}

function firstAllowed(voices: Voice[], question: Asked): Decision {
  let denial: Decision | undefined
  for (const voice of voices) {
    const decision = voice.answer(question)
    if (decision.allowed) return decision
    if (decision.line) denial ??= decision
  }
  return denial ?? nothing
}

/** The project that the object names. A request that says another one belongs to none. */
function projectOf({ resource, project }: Question, [object = '']: string[]): string | undefined {
  const slash = object.indexOf('/')
  const named =
    resource === 'projects' ? object : projectScoped.has(resource) && slash >= 0 ? object.slice(0, slash) : undefined
  return project === undefined || project === named ? named : undefined
}

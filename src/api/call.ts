/** One request as a handler sees it: what was asked, by whom, and what that caller may do. */
import type { Caller, Enforcer, Question, StandingQuestion } from '../access/index.ts'
import type { BodyOf, ParamsOf, Permission, QueryOf, Route } from '../contract/index.ts'
import { permissionDenied } from './api-error.ts'

export interface Origin {
  /** Network address of the client. */
  address: string
  /** Whether the client's connection is, to us or to a proxy in front that we trust. */
  isEncrypted: boolean
  /** What the caller has proved itself with. */
  token: string | undefined
  requestId: string
  /** Ends with the client's connection. */
  signal: AbortSignal
}

export interface CallOptions<One extends Route> extends Origin {
  route: One
  params: ParamsOf<One>
  query: QueryOf<One>
  body: BodyOf<One>
  caller: Caller
  enforcer: Enforcer
}

export class Call<One extends Route = Route> implements Origin {
  readonly route: One
  readonly params: ParamsOf<One>
  readonly query: Partial<QueryOf<One>>
  readonly body: BodyOf<One>
  readonly caller: Caller
  readonly address: string
  readonly isEncrypted: boolean
  readonly token: string | undefined
  /** Of the answer, in addition to the usual ones. */
  readonly answerHeaders: Record<string, string> = {}
  answersText = false
  readonly requestId: string
  readonly signal: AbortSignal
  readonly #enforcer: Enforcer
  readonly #asked = new Set<Permission>()

  constructor(options: CallOptions<One>) {
    this.route = options.route
    this.params = options.params
    this.query = options.query
    this.body = options.body
    this.caller = options.caller
    this.address = options.address
    this.isEncrypted = options.isEncrypted
    this.token = options.token
    this.requestId = options.requestId
    this.signal = options.signal
    this.#enforcer = options.enforcer
  }

  /** A stream whose messages are Buffers of text, to be kept as a file. */
  streamAsText(fileName: string): void {
    this.answersText = true
    this.answerHeaders['content-disposition'] = `attachment; filename="${fileName}"`
  }

  /** For lists: what the caller may not see is left out. */
  may(question: Question): boolean {
    this.#asked.add(`${question.resource}:${question.action.split('/')[0]}` as Permission)
    return this.#enforcer.may(question).allowed
  }

  /** Those of a list that the caller may see. An empty list tells nobody anything. */
  visible<Item>(items: Item[], questionOf: (item: Item) => Question): Item[] {
    if (items.length === 0) this.#asked.add(this.route.permission)
    return items.filter((item) => this.may(questionOf(item)))
  }

  /** The same for objects that are asked about again and again. */
  visibleOf<Item extends object>(items: Item[], question: StandingQuestion<Item>): Item[] {
    this.#asked.add(`${question.resource}:${question.action}` as Permission)
    return this.#enforcer.allowedOf(items, question)
  }

  /** Throws PermissionDenied. */
  require(question: Question): void {
    if (this.may(question)) return
    const { resource, action, object } = question
    throw permissionDenied(`${resource}, ${action}, ${[object].flat()[0]}, sub: ${this.caller.name}`)
  }

  /** Whether the right that the route names has been asked for: an answer without that is never sent. */
  get hasAsked(): boolean {
    const { permission } = this.route
    return permission === 'public' || permission === 'signed in' || this.#asked.has(permission)
  }
}

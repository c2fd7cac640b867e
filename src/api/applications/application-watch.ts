/** Applications as they come, change and go, for one reader: what was told last is never told again. */
import type { StandingQuestion } from '../../access/index.ts'
import { type Application, instanceName, stringifyJson } from '../../model/index.ts'
import { changedNames } from '../changed-names.ts'
import { readyJson } from '../ready-json.ts'
import type { Services } from '../services.ts'
import { recheckMs, type StandingRights } from '../standing-rights.ts'
import type { ApplicationTexts } from './application-texts.ts'
import { type PartSelection, selectFields, selectionBelow } from './field-selection.ts'

export interface WatchRequest {
  isAskedFor(application: Application): boolean
  /** Of a message, `{type, application}`. */
  selection: PartSelection
  /** The reader knows everything up to this version. */
  since?: bigint
  rights: StandingRights
  signal: AbortSignal
}

export interface WatchContext extends Pick<Services, 'controlPlane'> {
  texts: ApplicationTexts
  /** May an application be seen? */
  seeing: StandingQuestion<Application>
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'

/**
 * Changes come many at a time: an application that is synced is written half a dozen times in a tenth of a second. Readers
 * are told what it has come to, and not all at the same moment.
 */
const gatherMs = 50
const spreadMs = 100

export async function* watchApplications(
  { signal, rights, ...request }: WatchRequest,
  context: WatchContext,
): AsyncGenerator<Buffer> {
  const changes = changedNames<Application | undefined>(signal)
  const { controlPlane } = context
  const reader = new WatchReader({ ...request, rights, ...context })
  const nameOf = (application: Application) => instanceName(application, controlPlane.namespace)
  const allNames = () => controlPlane.applications().map(nameOf).sort()
  const stopListening = controlPlane.onApplications(({ type, application }) => {
    const name = nameOf(application)
    if (type !== 'DELETED') changes.note(name, undefined)
    else if (reader.knows(name)) changes.note(name, application)
    // However many come and go while nothing is read: what was never told is not kept.
    else changes.drop(name)
  })
  try {
    yield* reader.catchUp(allNames())
    while (!signal.aborted) {
      const changed = await changes.next(recheckMs, { gatherMs: gatherMs + spreadMs * Math.random() })
      await rights.check()
      if (reader.rightsHaveChanged()) {
        for (const name of [...reader.known, ...allNames()]) changed.set(name, changed.get(name))
      }
      for (const message of reader.tell(changed)) {
        yield message
        // A slow reader may have taken long.
        await rights.check()
      }
    }
  } finally {
    stopListening()
  }
}

/** With the application as it was last, where it is gone. */
type Changed = Iterable<[name: string, deleted: Application | undefined]>

/** What one reader has been told, and what is to be told next. */
class WatchReader {
  readonly #options: Omit<WatchRequest, 'signal'> & WatchContext
  readonly #ofApplication: PartSelection
  readonly #tellsType: boolean
  /** By name, the digest of what was told. */
  readonly #told = new Map<string, string>()
  /** By project, what the answers were given by. */
  readonly #bases = new Map<string, object>()

  constructor(options: Omit<WatchRequest, 'signal'> & WatchContext) {
    this.#options = options
    this.#ofApplication = selectionBelow(options.selection, 'application')
    this.#tellsType = selectionBelow(options.selection, 'type') === 'all'
  }

  get known(): Iterable<string> {
    return this.#told.keys()
  }

  knows(name: string): boolean {
    return this.#told.has(name)
  }

  /** Since the last time that it was asked: what was told may have to be taken back, and what was not may be told. */
  rightsHaveChanged(): boolean {
    const { rights } = this.#options
    if ([...this.#bases].every(([project, basis]) => rights.basisIn(project) === basis)) return false
    this.#bases.clear()
    return true
  }

  /** Everything there is, or what has changed since the reader last looked. */
  *catchUp(names: string[]): Generator<Buffer> {
    const { since, controlPlane } = this.#options
    for (const name of names) {
      const application = controlPlane.application(name)
      if (since === undefined || !application || !this.#isVisible(application)) yield* this.tell([[name, undefined]])
      else if (versionOf(application) > since) yield this.#update('MODIFIED', { name, application })
      else this.#told.set(name, this.#textOf(application).digest)
    }
  }

  /** What is told is as it is at the moment when it is asked for. */
  *tell(changed: Changed): Generator<Buffer> {
    for (const [name, deleted] of changed) {
      const application = this.#options.controlPlane.application(name)
      const before = this.#told.get(name)
      if (application && this.#isVisible(application)) {
        if (this.#textOf(application).digest === before) continue
        yield this.#update(before === undefined ? 'ADDED' : 'MODIFIED', { name, application })
      } else if (before !== undefined) {
        this.#told.delete(name)
        yield this.#message('DELETED', this.#lastWords({ name, application, deleted }))
      }
    }
  }

  #isVisible(application: Application): boolean {
    return this.#options.isAskedFor(application) && this.#isPermitted(application)
  }

  #isPermitted(application: Application): boolean {
    const { rights, seeing } = this.#options
    const project = seeing.projectOf(application)
    if (!this.#bases.has(project)) this.#bases.set(project, rights.basisIn(project))
    return rights.mayOf(application, seeing)
  }

  #textOf(application: Application) {
    return this.#options.texts.of(application, this.#ofApplication)
  }

  #update(type: EventType, { name, application }: { name: string; application: Application }): Buffer {
    const { json, digest } = this.#textOf(application)
    this.#told.set(name, digest)
    return this.#message(type, json)
  }

  /** Of what may no longer be seen, no more than that it is gone. */
  #lastWords(one: { name: string; application: Application | undefined; deleted: Application | undefined }) {
    const last = one.deleted ?? one.application
    if (last && this.#isPermitted(last)) return this.#textOf(last).json
    const [namespace, name] = one.name.includes('_')
      ? one.name.split('_', 2)
      : [this.#options.controlPlane.namespace, one.name]
    return stringifyJson(selectFields({ metadata: { name, namespace } }, this.#ofApplication))
  }

  #message(type: EventType, application: string | Buffer): Buffer {
    return readyJson(`{${this.#tellsType ? `"type":"${type}",` : ''}"application":`, application, '}')
  }
}

function versionOf({ metadata }: Application): bigint {
  return readVersion(metadata.resourceVersion) ?? 0n
}

/** undefined: it is none that could be compared. */
export function readVersion(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,30}$/.test(text) ? BigInt(text) : undefined
}

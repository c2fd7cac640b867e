/** Applications as they come, change and go, for one reader: what was told last is never told again. */
import { type Application, instanceName, stringifyJson } from '../../model/index.ts'
import { changedNames } from '../changed-names.ts'
import { readyJson } from '../ready-json.ts'
import type { Services } from '../services.ts'
import { recheckMs, type StandingRights } from '../standing-rights.ts'
import type { ApplicationTexts } from './application-texts.ts'
import { type PartSelection, selectFields, selectionBelow } from './field-selection.ts'
import { questionOf } from './find-application.ts'

export interface WatchRequest {
  isAskedFor(application: Application): boolean
  /** Of a message, `{type, application}`. */
  selection: PartSelection
  /** The reader knows everything up to this version. */
  since?: bigint
  rights: StandingRights
  signal: AbortSignal
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** How often it is looked for what the reader may no longer see, whether or not it changes. */
const sweepMs = 3 * recheckMs

export async function* watchApplications(
  { signal, rights, ...request }: WatchRequest,
  { controlPlane, texts }: Pick<Services, 'controlPlane'> & { texts: ApplicationTexts },
): AsyncGenerator<Buffer> {
  const changes = changedNames<Application | undefined>(signal)
  const reader = new WatchReader({ ...request, rights, texts, controlNamespace: controlPlane.namespace })
  const nameOf = (application: Application) => instanceName(application, controlPlane.namespace)
  const stopListening = controlPlane.onApplications(({ type, application }) =>
    changes.note(nameOf(application), type === 'DELETED' ? application : undefined),
  )
  let sweptAt = Date.now()
  try {
    const names = controlPlane.applications().map(nameOf).sort()
    yield* reader.catchUp(
      names.map((name) => [name, undefined]),
      controlPlane.application,
    )
    while (!signal.aborted) {
      const changed = await changes.next(recheckMs)
      await rights.check()
      if (Date.now() - sweptAt > sweepMs) {
        sweptAt = Date.now()
        for (const name of reader.known) if (!changed.has(name)) changed.set(name, undefined)
      }
      for (const message of reader.tell(changed, controlPlane.application)) {
        yield message
        // A slow reader may have taken long.
        await rights.check()
      }
    }
  } finally {
    stopListening()
  }
}

interface ReaderOptions extends Omit<WatchRequest, 'signal'> {
  texts: ApplicationTexts
  controlNamespace: string
}

type Find = (name: string) => Application | undefined
/** With the application as it was last, where it is gone. */
type Changed = Iterable<[name: string, deleted: Application | undefined]>

/** What one reader has been told, and what is to be told next. */
class WatchReader {
  readonly #options: ReaderOptions
  readonly #ofApplication: PartSelection
  readonly #tellsType: boolean
  /** By name, the digest of what was told. */
  readonly #told = new Map<string, string>()

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#ofApplication = selectionBelow(options.selection, 'application')
    this.#tellsType = selectionBelow(options.selection, 'type') === 'all'
  }

  get known(): Iterable<string> {
    return this.#told.keys()
  }

  /** Everything there is, or what has changed since the reader last looked. */
  *catchUp(all: Changed, find: Find): Generator<Buffer> {
    const { since } = this.#options
    for (const [name] of all) {
      const application = find(name)
      if (since === undefined || !application || !this.#isVisible(application))
        yield* this.tell([[name, undefined]], find)
      else if (versionOf(application) > since) yield this.#update('MODIFIED', { name, application })
      else this.#told.set(name, this.#textOf(application).digest)
    }
  }

  /** What is told is as it is at the moment when it is asked for. */
  *tell(changed: Changed, find: Find): Generator<Buffer> {
    for (const [name, deleted] of changed) {
      const application = find(name)
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
    const { rights, controlNamespace } = this.#options
    return rights.may(questionOf(application, 'get', controlNamespace))
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
      : [this.#options.controlNamespace, one.name]
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

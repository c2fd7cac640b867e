/** What the controller remembers of a set between two looks; all of it can be lost. */
import { deepEqual } from 'fast-equals'
import { type Application, type ApplicationSet, annotation } from '../model/index.ts'
import type { Generated } from './generate-applications.ts'
import { type Form, formOf } from './wanted-form.ts'

export class SetMemory {
  /** The last that was generated, by name, and its faults. */
  generated: (Pick<Generated, 'generatorFaults' | 'templateFaults'> & ValidatedSet) | undefined
  /** Something may have changed that parameters come from. */
  isStale = true
  /** What was found out before this time of the clock does not count. */
  notOlderThan = 0
  /** Another replica has looked after the set. */
  isOthers = false
  /** Applications that somebody else has changed. */
  readonly changed = new Set<string>()
  /** Applications that are being written by us: what is told of them meanwhile is our own doing. */
  readonly writing = new Set<string>()
  statusWrittenAt = 0
  failures = 0
  /** When generators have to be asked again, by the clock. */
  nextAt = Number.POSITIVE_INFINITY
  #seen: ApplicationSet | undefined
  #made: { spec: ApplicationSet['spec']; names: Set<string> } | undefined
  readonly #refused = new Map<string, string>()
  readonly #written = new Map<string, { wanted: Form; answer: Form }>()

  /** Takes in a version of the set; the answer is whether it has to be looked at. */
  see(set: ApplicationSet, now: number): boolean {
    const before = this.#seen
    this.#seen = set
    const isAsked = isRefreshAsked(set)
    if (isAsked) this.notOlderThan = now
    const isNew = !before || isAsked || !deepEqual(meaningOf(before), meaningOf(set))
    this.isStale ||= isNew
    return isNew
  }

  /** Who had it before may have seen newer commits than are known here: applications made from those are not to go. */
  becomeOurs(now: number): void {
    if (!this.isOthers) return
    this.isOthers = false
    this.isStale = true
    this.notOlderThan = now
  }

  /** The set, as it is written, has generated these. */
  make({ spec }: ApplicationSet, names: Iterable<string>): void {
    if (!this.#made || !deepEqual(this.#made.spec, spec)) this.#made = { spec, names: new Set() }
    for (const name of names) this.#made.names.add(name)
  }

  /** Whether the set has generated this one as it is written now: that it does no longer is then nobody's edit of the set. */
  hasMade({ spec }: ApplicationSet, name: string): boolean {
    return this.#made !== undefined && deepEqual(this.#made.spec, spec) && this.#made.names.has(name)
  }

  /** Why an application cannot be the set's; undefined: it can. */
  refused(name: string, fault: string | undefined): void {
    if (fault === undefined) this.#refused.delete(name)
    else this.#refused.set(name, fault)
  }

  refusals(): string[] {
    return [...this.#refused].flatMap(([name, fault]) => (this.generated?.valid.has(name) ? [fault] : []))
  }

  /** A server may store something else than it was sent: sending it again would never end. */
  wasAnswered(name: string, wanted: Form, live: Application): boolean {
    const written = this.#written.get(name)
    return written !== undefined && deepEqual(written.wanted, wanted) && deepEqual(written.answer, formOf(live))
  }

  written(wanted: Form, answer: Application): void {
    const stored = formOf(answer)
    if (deepEqual(stored, wanted)) this.#written.delete(answer.metadata.name)
    else this.#written.set(answer.metadata.name, { wanted, answer: stored })
  }
}

export interface ValidatedSet {
  valid: ReadonlyMap<string, Application>
  names: ReadonlySet<string>
  validationFaults: string[]
}

export function isRefreshAsked({ metadata }: ApplicationSet): boolean {
  return metadata.annotations?.[annotation.applicationSetRefresh] === 'true'
}

function meaningOf({ metadata, spec }: ApplicationSet) {
  const { uid, deletionTimestamp, annotations, finalizers } = metadata
  return {
    uid,
    deletionTimestamp,
    finalizers,
    approval: annotations?.[annotation.approveDeletion],
    unasked: annotations?.[annotation.deletionsUnasked],
    spec,
  }
}

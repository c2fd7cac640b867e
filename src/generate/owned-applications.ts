/** Which applications belong to which set, kept as they change. */
import { deepEqual } from 'fast-equals'
import type { Application, ApplicationSet } from '../model/index.ts'
import { formOf, ownerOf } from './wanted-form.ts'

/** `namespace/name` of a set. */
export type SetKey = string

export function keyOf({ metadata }: ApplicationSet): SetKey {
  return `${metadata.namespace}/${metadata.name}`
}

export interface OwnedChange {
  /** The sets that it belongs to, or has belonged to. */
  sets: SetKey[]
  /** What a set has written may be different now. */
  form: boolean
  /** How it stands is different. */
  state: boolean
}

export class OwnedApplications {
  readonly #all = new Map<string, Application>()
  readonly #bySet = new Map<SetKey, Map<string, Application>>()

  of(key: SetKey): ReadonlyMap<string, Application> {
    return this.#bySet.get(key) ?? new Map()
  }

  find(namespace: string, name: string): Application | undefined {
    return this.#all.get(`${namespace}/${name}`)
  }

  put(application: Application): OwnedChange {
    const before = this.#all.get(placeOf(application))
    this.#all.set(placeOf(application), application)
    const from = before && setKeyOf(before)
    const to = setKeyOf(application)
    if (from && from !== to) this.#drop(from, application.metadata.name)
    if (to) this.#in(to).set(application.metadata.name, application)
    return {
      sets: [...new Set([from, to].filter((key) => key !== undefined))],
      form: !before || !sameForm(before, application),
      state: !before || !sameState(before, application),
    }
  }

  forget(application: Application): OwnedChange {
    const key = setKeyOf(this.#all.get(placeOf(application)) ?? application)
    this.#all.delete(placeOf(application))
    if (key) this.#drop(key, application.metadata.name)
    return { sets: key ? [key] : [], form: true, state: true }
  }

  #in(key: SetKey): Map<string, Application> {
    const known = this.#bySet.get(key) ?? new Map<string, Application>()
    this.#bySet.set(key, known)
    return known
  }

  #drop(key: SetKey, name: string): void {
    const known = this.#bySet.get(key)
    known?.delete(name)
    if (known?.size === 0) this.#bySet.delete(key)
  }
}

function placeOf({ metadata }: Application): string {
  return `${metadata.namespace}/${metadata.name}`
}

function setKeyOf(application: Application): SetKey | undefined {
  const owner = ownerOf(application)
  return owner === undefined ? undefined : `${application.metadata.namespace}/${owner}`
}

function sameForm(one: Application, other: Application): boolean {
  return (
    one.metadata.uid === other.metadata.uid &&
    one.metadata.deletionTimestamp === other.metadata.deletionTimestamp &&
    deepEqual(formOf(one), formOf(other))
  )
}

/** As far as a set tells it, or decides by it. */
function sameState(one: Application, other: Application): boolean {
  return deepEqual(stateOf(one), stateOf(other))
}

function stateOf({ status, operation }: Application) {
  const { sync, health, operationState, conditions } = status ?? {}
  return {
    sync: [sync?.status, sync?.revision, sync?.revisions],
    health: health?.status,
    operation: operation !== undefined,
    phase: [operationState?.phase, operationState?.startedAt],
    errors: conditions?.map(({ type }) => type),
  }
}

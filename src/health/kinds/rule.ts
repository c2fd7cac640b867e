/** Rules for custom kinds: clauses that are tried in turn, each a status and what it takes. */
import type { Health, HealthStatus, KubeObject } from '../../model/index.ts'
import {
  type Condition,
  conditionsOf,
  conditionText,
  type Fields,
  fieldsAt,
  isObserved,
  listAt,
  textAt,
} from '../status-fields.ts'

/** undefined: the rule says nothing about this object, and standard conditions decide. */
export type Rule = (object: KubeObject) => Health | undefined

/** What holds, in the words of the object; an empty text when there is nothing to add; undefined when it does not hold. */
export type Test = (object: KubeObject) => string | undefined

export interface Clause {
  status: HealthStatus
  /** All of them have to hold; the message is that of the first. */
  tests: Test[]
}

/** By `group/Kind`; `*` in a group stands for anything, as a kind for all kinds of the group. */
export type RuleTable = Record<string, Rule>

const clause =
  (status: HealthStatus) =>
  (...tests: Test[]): Clause => ({ status, tests })

export const healthy = clause('Healthy')
export const progressing = clause('Progressing')
export const degraded = clause('Degraded')
export const suspended = clause('Suspended')
export const unknown = clause('Unknown')
export const missing = clause('Missing')

/** The first clause that holds; before all others Progressing while the status is of an older spec, after them Progressing. */
export function rule(...clauses: Clause[]): Rule {
  return inTurn(progressing(outdated), ...clauses, progressing(waiting))
}

/** The clauses and nothing else. */
export function inTurn(...clauses: Clause[]): Rule {
  return (object) => {
    for (const { status, tests } of clauses) {
      const texts = tests.map((holds) => holds(object))
      if (texts.some((text) => text === undefined)) continue
      return texts[0] ? { status, message: texts[0] } : { status }
    }
    return undefined
  }
}

const notActedYet = 'the controller has not yet acted on the latest change'

/** The status is of an older spec; kinds that do not say of which never are. */
export function outdated(object: KubeObject): string | undefined {
  const { observedGeneration } = fieldsAt(object, 'status')
  if (typeof observedGeneration !== 'number' || isObserved(object)) return undefined
  return notActedYet
}

/** One of these conditions, of all when none is named, is of an older spec. */
export function outdatedCondition(...types: string[]): Test {
  return (object) => {
    const entries = listAt(object, 'status', 'conditions').filter(
      ({ type }) => types.length === 0 || types.includes(String(type)),
    )
    return entries.every((entry) => isCurrent(entry, object)) ? undefined : notActedYet
  }
}

function isCurrent({ observedGeneration: observed }: Fields, { metadata }: KubeObject): boolean {
  return typeof observed !== 'number' || observed >= (metadata.generation ?? 0)
}

/** Always holds, with what the object says of itself. */
export function waiting(object: KubeObject): string {
  const open = conditionsOf(object).find(({ status, reason, message }) => status !== 'True' && (reason || message))
  if (open) return conditionText(open)
  const { phase, state } = fieldsAt(object, 'status')
  const word = [phase, state].find((value) => typeof value === 'string' && value !== '')
  return word ? `${word}` : 'the controller has not reported a state yet'
}

export const always: Test = () => ''
export const saying =
  (text: string): Test =>
  () =>
    text

const condition =
  (fits: (status: string) => boolean) =>
  (type: string, ...reasons: string[]): Test =>
  (object) => {
    const found = currentConditions(object).find(
      (entry) => entry.type === type && fits(entry.status) && (reasons.length === 0 || reasons.includes(entry.reason)),
    )
    return found && textOf(found)
  }

/** Those that speak of the current spec, as far as they say. */
function currentConditions(object: KubeObject): Condition[] {
  const entries = listAt(object, 'status', 'conditions')
  return conditionsOf(object).filter((_condition, index) => isCurrent(entries[index] ?? {}, object))
}

/** The condition is True, with one of these reasons where some are given. */
export const yes = condition((status) => status === 'True')
export const no = condition((status) => status === 'False')
export const unsure = condition((status) => status === 'Unknown')
export const notYes = condition((status) => status !== 'True')

/** The condition is there, whatever its status. */
export const has = condition(() => true)

/** A condition that is well says little; its message is left out where it only repeats that. */
function textOf(entry: Condition): string {
  return entry.status === 'True' && !entry.message ? '' : conditionText(entry)
}

/** Some condition is False. */
export const anyNo: Test = (object) => {
  const found = conditionsOf(object).find(({ status }) => status === 'False')
  return found && `${found.type}: ${conditionText(found)}`
}

export function valueAt(object: unknown, path: string): unknown {
  let value = object
  for (const name of path.split('.')) value = (value as Fields | undefined | null)?.[name]
  return value
}

/** The field at a path such as `status.phase` is one of these; with the message that stands beside it. */
export function at(path: string, ...values: (string | number | boolean)[]): Test {
  return (object) => {
    const value = valueAt(object, path)
    return values.some((wanted) => wanted === value) ? messageBeside(object, path) : undefined
  }
}

/** The field at the path is a text like this. */
export function like(path: string, pattern: RegExp): Test {
  return (object) => {
    const value = valueAt(object, path)
    return typeof value === 'string' && pattern.test(value) ? messageBeside(object, path) : undefined
  }
}

function messageBeside(object: KubeObject, path: string): string {
  const [value, name] = [valueAt(object, path), path.slice(path.lastIndexOf('.') + 1)]
  const around = fieldsAt(object, ...path.split('.').slice(0, -1))
  const told = ['message', 'reason', 'errorMessage', 'error'].map((field) => textAt(around, field)).find(Boolean)
  return told || (typeof value === 'string' ? value : `${name} is ${value}`)
}

export function absent(path: string): Test {
  return (object) => (isSet(valueAt(object, path)) ? undefined : '')
}

/** With the text there as message, where it is one. */
export function present(path: string): Test {
  return (object) => {
    const value = valueAt(object, path)
    return isSet(value) ? (typeof value === 'string' ? value : '') : undefined
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

export function not(test: Test): Test {
  return (object) => (test(object) === undefined ? '' : undefined)
}

export function either(...tests: Test[]): Test {
  return (object) => tests.map((test) => test(object)).find((text) => text !== undefined)
}

/** The message of the second test, or of the field, in place of that of the first. */
export function told(test: Test, by: Test): Test {
  return (object) => (test(object) === undefined ? undefined : (by(object) ?? test(object)))
}

/** Both numbers are there, and equal or not. */
export function asMany(one: string, other: string): Test {
  return (object) => {
    const [a, b] = [valueAt(object, one), valueAt(object, other)]
    return typeof a === 'number' && a === b ? `${a} of ${b}` : undefined
  }
}

/** The most common rule: False is Degraded, True is Healthy, otherwise Progressing. */
export const ready = (type = 'Ready') => rule(degraded(no(type)), healthy(yes(type)))

/** The same for kinds whose controller says False while it works. */
export const becomesReady = (type = 'Ready') => rule(healthy(yes(type)))

/** Words in a field of the status. */
export function words(path: string, lists: Partial<Record<HealthStatus, string[]>>): Rule {
  return rule(...wordClauses(path, lists))
}

function wordClauses(path: string, lists: Partial<Record<HealthStatus, string[]>>): Clause[] {
  return Object.entries(lists).map(([status, list]) => clause(status as HealthStatus)(at(path, ...list)))
}

/** The same for kinds of which not all words are known: another word says nothing, and standard conditions decide. */
export function hints(path: string, lists: Partial<Record<HealthStatus, string[]>>): Rule {
  return inTurn(progressing(outdated), ...wordClauses(path, lists))
}

/** The same rule for several kinds of a group. */
export function kinds(group: string, names: string, shared: Rule): RuleTable {
  return Object.fromEntries(names.split(' ').map((name) => [`${group}/${name}`, shared]))
}

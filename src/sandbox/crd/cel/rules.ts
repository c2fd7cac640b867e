/** Evaluates the rules of a schema over a custom resource, with the server's ratcheting and budget. */
import type { Json } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { type Counterpart, counterpartOfField, counterpartOfItem, sameValue } from '../correlation.ts'
import { child, duplicate, entry, forbidden, invalidText, invalidValue, required } from '../fault.ts'
import { additionalSchema, isMap, type JsonSchema, type ValidationRule } from '../schema.ts'
import { callLimit, costBound, largestCollection, objectBudget } from './cost.ts'
import { evaluationFault } from './diagnostic.ts'
import { type Program, programsOf } from './program.ts'

interface Visit {
  schema: JsonSchema
  value: Json
  path: string
  was?: Counterpart
  /** Whether a fault found here is forgiven because nothing changed here. */
  unchanged: boolean
  isRoot: boolean
}

interface Run {
  faults: FieldFault[]
  budget: number
}

export interface RuleContext {
  /** The stored value, when this is an update. */
  old?: Json
  /** The path of `value`; empty for the resource itself. */
  path?: string
}

/** The faults of all rules. */
export function ruleFaults(value: Json, schema: JsonSchema, { old, path = '' }: RuleContext = {}): FieldFault[] {
  if (!hasRules(schema)) return []
  const run: Run = { faults: [], budget: objectBudget }
  const was = old === undefined ? undefined : { old }
  visit({ schema, value, path, was, unchanged: isUnchanged(value, was), isRoot: path === '' }, run)
  return run.faults
}

const withRules = new WeakMap<JsonSchema, boolean>()

/** Whether the schema or a part of it has rules. */
export function hasRules(schema: JsonSchema | undefined): boolean {
  if (!schema) return false
  const known = withRules.get(schema)
  if (known !== undefined) return known
  const inner = [schema.items, additionalSchema(schema), ...Object.values(schema.properties ?? {})]
  const found = Boolean(schema['x-kubernetes-validations']?.length) || inner.some(hasRules)
  withRules.set(schema, found)
  return found
}

function isUnchanged(value: Json, was: Counterpart | undefined): boolean {
  return was !== undefined && sameValue(value, was.old)
}

function visit(at: Visit, run: Run): void {
  if (at.value === null || run.budget < 0 || !hasRules(at.schema)) return
  for (const program of programsOf(at.schema, at.isRoot)) {
    if (run.budget >= 0) apply(program, at, run)
  }
  if (Array.isArray(at.value)) visitItems(at, at.value, run)
  else if (isMap(at.value)) visitFields(at, at.value, run)
}

function visitItems(at: Visit, items: Json[], run: Run): void {
  const schema = at.schema.items
  if (!schema) return
  for (const [index, value] of items.entries()) {
    const was = counterpartOfItem(at.was, at.schema, value)
    visit(below(at, { schema, value, path: entry(at.path, index), was }), run)
  }
}

function visitFields(at: Visit, map: Record<string, Json>, run: Run): void {
  const properties = at.schema.properties ?? {}
  const additional = additionalSchema(at.schema)
  for (const name of Object.keys(map).sort()) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined
    const schema = own ?? additional
    const path = own ? child(at.path, name) : entry(at.path, name)
    const was = counterpartOfField(at.was, name)
    if (schema) visit(below(at, { schema, value: map[name] ?? null, path, was }), run)
  }
}

function below(at: Visit, next: Pick<Visit, 'schema' | 'value' | 'path' | 'was'>): Visit {
  const unchanged = next.was ? isUnchanged(next.value, next.was) : at.was !== undefined && at.unchanged
  return { ...next, unchanged, isRoot: next.schema['x-kubernetes-embedded-resource'] === true }
}

const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run'

function apply(program: Program, at: Visit, run: Run): void {
  const { rule, evaluate } = program
  const type = at.schema.type ?? ''
  if (program.fault) run.faults.push(invalidValue(at.path, type, `rule compile error: ${program.fault}`))
  if (!evaluate || (program.usesOldSelf && !at.was && !rule.optionalOldSelf)) return
  const cost = boundOf(program, at)
  run.budget -= cost
  if (cost > callLimit) {
    const limit = 'operation cancelled: actual cost limit exceeded'
    const detail = `'${limit}': no further validation rules will be run due to call cost exceeds limit for rule: ${summary(rule)}`
    run.faults.push(invalidValue(at.path, type, detail))
    run.budget = -1
  } else if (run.budget < 0) run.faults.push(invalidValue(at.path, type, outOfBudget))
  else evaluateRule(program, at, run)
}

function boundOf(program: Program, at: Visit): number {
  if (!program.ast) return 1
  const size = Math.max(largestCollection(at.value), largestCollection(at.was?.old))
  return costBound(program.ast, size)
}

function evaluateRule(program: Program, at: Visit, run: Run): void {
  let met: unknown
  try {
    met = program.evaluate?.(at.value, at.was?.old)
  } catch (error) {
    const detail = `${evaluationFault(error)} evaluating rule: ${summary(program.rule)}`
    run.faults.push(invalidValue(at.path, at.schema.type ?? '', detail))
    return
  }
  if (met === true || (!program.usesOldSelf && at.unchanged)) return
  run.faults.push(brokenRule(program, at))
}

function brokenRule(program: Program, at: Visit): FieldFault {
  const { rule } = program
  const detail = messageOf(program, at)
  const path = rule.fieldPath ? child(at.path, rule.fieldPath.replace(/^\./, '')) : at.path
  const whole = at.schema.type === 'object' || at.schema.type === 'array'
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbidden(path, detail)
    case 'FieldValueRequired':
      return required(path, detail)
    case 'FieldValueDuplicate':
      return whole ? { ...duplicate(path, ''), message: 'Duplicate value' } : duplicate(path, at.value)
    default:
      return whole ? invalidText(path, '', detail) : invalidValue(path, at.value, detail)
  }
}

function messageOf(program: Program, at: Visit): string {
  const { rule } = program
  try {
    const text = program.message?.(at.value, at.was?.old)
    if (typeof text === 'string' && text.trim() !== '' && !text.trim().includes('\n')) return text.trim()
  } catch {
    // a message that can't be made gives way to the rule's fixed one
  }
  return rule.message ? rule.message.trim() : `failed rule: ${summary(rule)}`
}

function summary(rule: ValidationRule): string {
  return (rule.message || rule.rule).trim()
}

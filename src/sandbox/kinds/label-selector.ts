/** Label selectors inside objects (matchLabels and matchExpressions): checked, matched, printed. */
import type { FieldFault } from '../status.ts'
import { forbidden, invalidFor, invalidValue, required } from './fault.ts'
import { fields, isAbsent, list, strings, text } from './fields.ts'
import { labelValue, qualifiedName } from './name-rules.ts'

type Labels = Record<string, string>

function validateRequirement(requirement: Record<string, unknown>, field: string): FieldFault[] {
  const operator = text(requirement.operator)
  const values = strings(requirement.values)
  const faults: FieldFault[] = []
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      faults.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      faults.push(forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    }
  } else {
    faults.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'))
  }
  faults.push(...invalidFor(`${field}.key`, text(requirement.key), qualifiedName(text(requirement.key))))
  for (const [index, value] of values.entries()) {
    faults.push(...invalidFor(`${field}.values[${index}]`, value, labelValue(value)))
  }
  return faults
}

/** A LabelSelector; an absent one has no faults. */
export function validateSelector(selector: unknown, field: string): FieldFault[] {
  const { matchLabels, matchExpressions } = fields(selector)
  return [
    ...validateSelectorLabels(fields(matchLabels), `${field}.matchLabels`),
    ...list(matchExpressions).flatMap((requirement, index) =>
      validateRequirement(requirement, `${field}.matchExpressions[${index}]`),
    ),
  ]
}

function validateSelectorLabels(labels: Record<string, unknown>, field: string): FieldFault[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...invalidFor(field, key, qualifiedName(key)),
    ...invalidFor(field, value, labelValue(text(value))),
  ])
}

function meets(requirement: Record<string, unknown>, labels: Labels): boolean {
  const value = labels[text(requirement.key)]
  const values = strings(requirement.values)
  switch (text(requirement.operator)) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}

/** An absent selector matches nothing, an empty one everything. */
export function matchesSelector(selector: unknown, labels: Labels = {}): boolean {
  if (isAbsent(selector)) return false
  const { matchLabels, matchExpressions } = fields(selector)
  return (
    Object.entries(fields(matchLabels)).every(([key, value]) => labels[key] === value) &&
    list(matchExpressions).every((requirement) => meets(requirement, labels))
  )
}

export function isEmptySelector(selector: unknown): boolean {
  const { matchLabels, matchExpressions } = fields(selector)
  return Object.keys(fields(matchLabels)).length + list(matchExpressions).length === 0
}

function formatRequirement(requirement: Record<string, unknown>): string {
  const key = text(requirement.key)
  const values = [...strings(requirement.values)].sort().join(',')
  const forms: Record<string, string> = {
    In: `${key} in (${values})`,
    NotIn: `${key} notin (${values})`,
    Exists: key,
    DoesNotExist: `!${key}`,
  }
  return forms[text(requirement.operator)] ?? ''
}

/** `a=b,c in (d,e)`, by key; of no requirement the empty string. */
export function formatSelector(selector: unknown): string {
  const { matchLabels, matchExpressions } = fields(selector)
  const labels = Object.entries(fields(matchLabels)).map(([key, value]) => ({ key, told: `${key}=${text(value)}` }))
  const expressions = list(matchExpressions).map((each) => ({ key: text(each.key), told: formatRequirement(each) }))
  return [...labels, ...expressions]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ told }) => told)
    .join(',')
}

/** A plain map of labels as a selector, such as a Service has. */
export function formatLabels(labels: unknown): string {
  return formatSelector({ matchLabels: fields(labels) })
}

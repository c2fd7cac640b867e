/** Rules of where a pod may run: affinity, tolerations, spread. */
import type { FieldFault } from '../../status.ts'
import { duplicate, invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { type Fields, fields, isAbsent, isFields, list, strings, text } from '../fields.ts'
import { validateSelector } from '../label-selector.ts'
import { labelValue, qualifiedName } from '../name-rules.ts'

function nodeRequirementFaults(requirement: Fields, field: string): FieldFault[] {
  const operator = text(requirement.operator)
  const values = strings(requirement.values)
  const faults: FieldFault[] = []
  if (['In', 'NotIn'].includes(operator)) {
    if (values.length === 0)
      faults.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (['Exists', 'DoesNotExist'].includes(operator)) {
    if (values.length > 0) {
      const message = "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
      faults.push({ reason: 'FieldValueForbidden', field: `${field}.values`, message })
    }
  } else if (['Gt', 'Lt'].includes(operator)) {
    if (values.length !== 1) {
      faults.push(required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
    }
  } else {
    faults.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'))
  }
  return [...faults, ...invalidFor(`${field}.key`, text(requirement.key), qualifiedName(text(requirement.key)))]
}

function nodeTermFaults(term: Fields, field: string): FieldFault[] {
  return list(term.matchExpressions).flatMap((each, index) =>
    nodeRequirementFaults(each, `${field}.matchExpressions[${index}]`),
  )
}

function weightFaults(weight: unknown, field: string): FieldFault[] {
  const value = typeof weight === 'number' ? weight : 0
  return value < 1 || value > 100 ? [invalidValue(field, value, 'must be in the range 1-100')] : []
}

/** The rules of node affinity; a PersistentVolume has the same terms. */
export function validateNodeTerms(selector: unknown, field: string): FieldFault[] {
  const terms = list(fields(selector).nodeSelectorTerms)
  if (terms.length === 0) return [required(`${field}.nodeSelectorTerms`, 'must have at least one node selector term')]
  return terms.flatMap((term, index) => nodeTermFaults(term, `${field}.nodeSelectorTerms[${index}]`))
}

const must = 'requiredDuringSchedulingIgnoredDuringExecution'
const should = 'preferredDuringSchedulingIgnoredDuringExecution'

function nodeAffinityFaults(affinity: Fields, field: string): FieldFault[] {
  return [
    ...(isFields(affinity[must]) ? validateNodeTerms(affinity[must], `${field}.${must}`) : []),
    ...list(affinity[should]).flatMap((each, index) => [
      ...weightFaults(each.weight, `${field}.${should}[${index}].weight`),
      ...nodeTermFaults(fields(each.preference), `${field}.${should}[${index}].preference`),
    ]),
  ]
}

function podTermFaults(term: Fields, field: string): FieldFault[] {
  const key = text(term.topologyKey)
  return [
    ...validateSelector(term.labelSelector, `${field}.labelSelector`),
    ...validateSelector(term.namespaceSelector, `${field}.namespaceSelector`),
    ...(key === ''
      ? [required(`${field}.topologyKey`, 'can not be empty')]
      : invalidFor(`${field}.topologyKey`, key, qualifiedName(key))),
  ]
}

function podAffinityFaults(affinity: Fields, field: string): FieldFault[] {
  return [
    ...list(affinity[must]).flatMap((term, index) => podTermFaults(term, `${field}.${must}[${index}]`)),
    ...list(affinity[should]).flatMap((each, index) => [
      ...weightFaults(each.weight, `${field}.${should}[${index}].weight`),
      ...podTermFaults(fields(each.podAffinityTerm), `${field}.${should}[${index}].podAffinityTerm`),
    ]),
  ]
}

export function validateAffinity(affinity: unknown, field: string): FieldFault[] {
  const { nodeAffinity, podAffinity, podAntiAffinity } = fields(affinity)
  return [
    ...nodeAffinityFaults(fields(nodeAffinity), `${field}.nodeAffinity`),
    ...podAffinityFaults(fields(podAffinity), `${field}.podAffinity`),
    ...podAffinityFaults(fields(podAntiAffinity), `${field}.podAntiAffinity`),
  ]
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

export function validateTolerations(tolerations: unknown, field: string): FieldFault[] {
  return list(tolerations).flatMap((toleration, index) => {
    const at = `${field}[${index}]`
    const key = text(toleration.key)
    const operator = text(toleration.operator)
    const faults = key === '' ? [] : invalidFor(`${at}.key`, key, qualifiedName(key))
    if (key === '' && operator !== 'Exists') {
      faults.push(
        invalidValue(
          `${at}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      )
    }
    if (!isAbsent(toleration.tolerationSeconds) && toleration.effect !== 'NoExecute') {
      faults.push(
        invalidValue(
          `${at}.effect`,
          text(toleration.effect),
          "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
      )
    }
    if (operator === 'Exists') {
      if (text(toleration.value) !== '') {
        faults.push(invalidValue(`${at}.operator`, toleration.value, "value must be empty when `operator` is 'Exists'"))
      }
    } else if (operator === '' || operator === 'Equal') {
      faults.push(
        ...labelValue(text(toleration.value)).map((detail) =>
          invalidValue(`${at}.operator`, text(toleration.value), detail),
        ),
      )
    } else faults.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']))
    const effect = text(toleration.effect)
    if (effect !== '' && !effects.includes(effect)) faults.push(notSupported(`${at}.effect`, effect, effects))
    return faults
  })
}

const unsatisfiable = ['DoNotSchedule', 'ScheduleAnyway']

export function validateSpread(constraints: unknown, field: string): FieldFault[] {
  const seen = new Set<string>()
  return list(constraints).flatMap((constraint, index) => {
    const at = `${field}[${index}]`
    const faults: FieldFault[] = []
    const skew = typeof constraint.maxSkew === 'number' ? constraint.maxSkew : 0
    if (skew <= 0) faults.push(invalidValue(`${at}.maxSkew`, skew, 'must be greater than zero'))
    const key = text(constraint.topologyKey)
    if (key === '') faults.push(required(`${at}.topologyKey`, 'can not be empty'))
    else faults.push(...invalidFor(`${at}.topologyKey`, key, qualifiedName(key)))
    const when = text(constraint.whenUnsatisfiable)
    if (!unsatisfiable.includes(when)) faults.push(notSupported(`${at}.whenUnsatisfiable`, when, unsatisfiable))
    const pair = `{${key}, ${when}}`
    if (seen.has(pair)) faults.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair))
    seen.add(pair)
    const least = constraint.minDomains
    if (typeof least === 'number') {
      if (least <= 0) faults.push(invalidValue(`${at}.minDomains`, least, 'must be greater than zero'))
      if (when === 'ScheduleAnyway') {
        const detail = 'can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway'
        faults.push(invalidValue(`${at}.minDomains`, least, detail))
      }
    }
    return [...faults, ...validateSelector(constraint.labelSelector, `${at}.labelSelector`)]
  })
}

/** ResourceQuota and LimitRange. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { duplicate, forbidden, immutable, invalidFor, invalidValue, notSupported } from '../fault.ts'
import { child, type Fields, fallback, fields, isFields, list, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { qualifiedName } from '../name-rules.ts'
import { compareQuantities, parseQuantity } from '../quantity.ts'
import { amountsOf, settleResources } from '../resource-list.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { ageColumn, column, nameColumn, specOf, statusOf } from '../table.ts'

const plainResources =
  /^((requests|limits)\.)?(cpu|memory|ephemeral-storage|storage)$|^(pods|services|services\.nodeports|services\.loadbalancers|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims)$|^(requests\.)?hugepages-/
const scopes = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
  'VolumeAttributesClass',
]

function hardFaults(spec: Fields): FieldFault[] {
  return Object.entries(amountsOf(spec.hard)).flatMap(([name, amount]) => {
    const field = `spec.hard[${name}]`
    const faults = invalidFor(field, name, qualifiedName(name))
    if (faults.length === 0 && !name.includes('/') && !plainResources.test(name)) {
      const detail = 'must be a standard resource type or fully qualified'
      faults.push(invalidValue(field, name, detail), invalidValue(field, name, 'must be a standard resource for quota'))
    }
    const negative = parseQuantity(amount).digits < 0n
    return negative ? [...faults, invalidValue(field, amount, 'must be greater than or equal to 0')] : faults
  })
}

function validateQuota(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const given = strings(spec.scopes)
  const unknown = given.filter((scope) => !scopes.includes(scope))
  return [
    ...hardFaults(spec),
    ...unknown.map(() => invalidValue('spec.scopes', given, 'unsupported scope')),
    ...list(fields(spec.scopeSelector).matchExpressions).flatMap((each) =>
      scopes.includes(text(each.scopeName))
        ? []
        : [invalidValue('spec.scopeSelector.matchExpressions.scopeName', text(each.scopeName), 'unsupported scope')],
    ),
  ]
}

function scopeChange(object: KubeObject, old: KubeObject): FieldFault[] {
  const [now, then] = [specOf(object).scopes, specOf(old).scopes]
  return deepEqual(strings(now).toSorted(), strings(then).toSorted()) ? [] : [immutable('spec.scopes', now ?? null)]
}

function usageCell(limits: boolean) {
  return (object: KubeObject) => {
    const used = amountsOf(statusOf(object).used)
    return Object.entries(amountsOf(specOf(object).hard))
      .filter(([name]) => name.startsWith('limits') === limits)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, hard]) => `${name}: ${used[name] ?? '0'}/${hard}`)
      .join(', ')
  }
}

export const resourceQuota: Kind = {
  ...withStatus({ uncounted: true }),
  ...validating(validateQuota, scopeChange),
  setDefaults(object) {
    settleResources(child(object, 'spec'), 'hard')
    if (isFields(object.status)) settleResources(object.status, 'hard', 'used')
  },
  columns: [nameColumn, column('Request', usageCell(false)), column('Limit', usageCell(true)), ageColumn],
}

const amountNames = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio']

/** For containers what is not said follows from what is: limit from max, request from limit, then from min. */
function defaultItem(item: Fields): void {
  settleResources(item, ...amountNames)
  if (item.type !== 'Container') return
  const limits = { ...fields(item.max), ...fields(item.default) }
  const requests = { ...fields(item.min), ...limits, ...fields(item.defaultRequest) }
  if (Object.keys(limits).length > 0) item.default = limits
  if (Object.keys(requests).length > 0) item.defaultRequest = requests
}

function above(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && compareQuantities(parseQuantity(a), parseQuantity(b)) > 0
}

function itemFaults(item: Fields, field: string): FieldFault[] {
  const [max, min, limit, request] = ['max', 'min', 'default', 'defaultRequest'].map((name) => amountsOf(item[name]))
  const faults: FieldFault[] = []
  if (item.type === 'Pod') {
    for (const name of ['default', 'defaultRequest']) {
      if (isFields(item[name]) && Object.keys(item[name]).length > 0) {
        faults.push(forbidden(`${field}.${name}`, "may not be specified when `type` is 'Pod'"))
      }
    }
  }
  const names = new Set([max, min, limit, request].flatMap((amounts) => Object.keys(amounts ?? {})))
  for (const name of names) {
    const [most, least, usual, asked] = [max?.[name], min?.[name], limit?.[name], request?.[name]]
    const told = (what: string, value: unknown, than: string, other: unknown) =>
      faults.push(invalidValue(`${field}.${what}[${name}]`, value, `${than} ${other}`))
    if (above(least, most)) told('min', least, `min value ${least} is greater than max value`, most)
    if (above(least, asked))
      told('defaultRequest', asked, `min value ${least} is greater than default request value`, asked)
    if (above(asked, most))
      told('defaultRequest', asked, `default request value ${asked} is greater than max value`, most)
    if (above(asked, usual))
      told('defaultRequest', asked, `default request value ${asked} is greater than default limit value`, usual)
    if (above(least, usual)) told('default', least, `min value ${least} is greater than default value`, usual)
    if (above(usual, most)) told('default', most, `default value ${usual} is greater than max value`, most)
  }
  return faults
}

const limitTypes = ['Container', 'PersistentVolumeClaim', 'Pod']

function validateLimits(object: KubeObject): FieldFault[] {
  const seen = new Set<string>()
  return list(specOf(object).limits).flatMap((item, index) => {
    const field = `spec.limits[${index}]`
    const type = text(item.type)
    const faults =
      limitTypes.includes(type) || type.includes('/') ? [] : [notSupported(`${field}.type`, type, limitTypes)]
    if (seen.has(type)) faults.push(duplicate(`${field}.type`, type))
    seen.add(type)
    return [...faults, ...itemFaults(item, field)]
  })
}

export const limitRange: Kind = {
  ...validating(validateLimits),
  createsOnUpdate: true,
  setDefaults(object) {
    const spec = child(object, 'spec')
    fallback(spec, 'limits', null)
    for (const item of list(spec.limits)) defaultItem(item)
  },
}

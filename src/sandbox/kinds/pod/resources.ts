/** Rules of a container's requests and limits. */
import type { FieldFault } from '../../status.ts'
import { invalidFor, invalidValue, required } from '../fault.ts'
import { fields } from '../fields.ts'
import { qualifiedName } from '../name-rules.ts'
import { compareQuantities, formatQuantity, parseQuantity, zeroQuantity } from '../quantity.ts'
import { amountsOf } from '../resource-list.ts'

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage'])
const otherResources =
  /^(requests|limits)\.(cpu|memory|ephemeral-storage|storage)$|^(storage|pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.nodeports|services\.loadbalancers|count\/.*)$/

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-')
}

function isStandard(name: string): boolean {
  return containerResources.has(name) || isHugePages(name) || otherResources.test(name)
}

/** Of a vendor's domain: counted whole, never overcommitted. */
export function isExtended(name: string): boolean {
  return name.includes('/') && !/(^|\.)kubernetes\.io\//.test(name) && !name.startsWith('requests.')
}

function nameFaults(name: string, field: string): FieldFault[] {
  const faults = invalidFor(field, name, qualifiedName(name))
  if (faults.length > 0) return faults
  if (name.includes('/')) return []
  const at = (detail: string) => invalidValue(field, name, detail)
  if (!isStandard(name)) faults.push(at('must be a standard resource type or fully qualified'))
  if (!containerResources.has(name) && !isHugePages(name)) faults.push(at('must be a standard resource for containers'))
  return faults
}

export function amountFaults(name: string, amount: string, field: string): FieldFault[] {
  const quantity = parseQuantity(amount)
  if (quantity.digits < 0n) {
    return [invalidValue(field, formatQuantity(quantity), 'must be greater than or equal to 0')]
  }
  const whole = quantity.scale >= 0 || quantity.digits % 10n ** BigInt(-quantity.scale) === 0n
  return isExtended(name) && !whole ? [invalidValue(field, formatQuantity(quantity), 'must be an integer')] : []
}

export function validateResources(resources: unknown, field: string): FieldFault[] {
  const limits = amountsOf(fields(resources).limits)
  const requests = amountsOf(fields(resources).requests)
  const faults: FieldFault[] = []
  for (const [kind, amounts] of Object.entries({ limits, requests })) {
    for (const [name, amount] of Object.entries(amounts)) {
      const at = `${field}.${kind}[${name}]`
      faults.push(...nameFaults(name, at), ...amountFaults(name, amount, at))
      if (kind === 'requests') faults.push(...overLimit({ name, amount, limit: limits[name], field }))
    }
  }
  return faults
}

function overLimit({
  name,
  amount,
  limit,
  field,
}: {
  name: string
  amount: string
  limit?: string
  field: string
}): FieldFault[] {
  const fixed = isExtended(name) || isHugePages(name)
  if (limit === undefined) {
    return fixed ? [required(`${field}.limits`, 'Limit must be set for non overcommitable resources')] : []
  }
  const order = compareQuantities(parseQuantity(amount), parseQuantity(limit))
  if (fixed && order !== 0) {
    return [invalidValue(`${field}.requests`, amount, `must be equal to ${name} limit of ${limit}`)]
  }
  return order > 0
    ? [invalidValue(`${field}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)]
    : []
}

export function isZero(amount: string | undefined): boolean {
  return amount === undefined || compareQuantities(parseQuantity(amount), zeroQuantity) === 0
}

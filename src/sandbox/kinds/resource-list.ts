/** Maps of resource names to quantities: requests, limits, capacity, quota. */
import { fields, isAbsent, isFields } from './fields.ts'
import { canonicalResource, QuantityError } from './quantity.ts'

/** Brings every amount under `parent[name]` into its stored form; an amount that is no quantity was refused before. */
export function settleResources(parent: Record<string, unknown>, ...names: string[]): void {
  for (const name of names) {
    const amounts = parent[name]
    if (!isFields(amounts)) continue
    for (const [resource, amount] of Object.entries(amounts)) amounts[resource] = settled(amount)
  }
}

function settled(amount: unknown): unknown {
  if (typeof amount !== 'string' && typeof amount !== 'number' && typeof amount !== 'bigint') return amount
  try {
    return canonicalResource(amount)
  } catch (error) {
    if (error instanceof QuantityError) return amount
    throw error
  }
}

/** Requests that are not given are the limits. */
export function requestLimits(resources: Record<string, unknown>): void {
  const limits = fields(resources.limits)
  if (Object.keys(limits).length === 0) return
  const requests = fields(resources.requests)
  for (const [name, amount] of Object.entries(limits)) if (isAbsent(requests[name])) requests[name] = amount
  resources.requests = requests
}

export function amountsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(fields(value)).map(([name, amount]) => [name, String(amount)]))
}

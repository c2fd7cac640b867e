/** The quality-of-service class of a pod: how its requests and limits relate. */
import { type Fields, fields } from '../fields.ts'
import { compareQuantities, parseQuantity } from '../quantity.ts'
import { amountsOf } from '../resource-list.ts'
import { containersOf } from './defaults.ts'
import { isZero } from './resources.ts'

const counted = ['cpu', 'memory']

function amounts(container: Fields, kind: 'requests' | 'limits'): Map<string, string> {
  const all = Object.entries(amountsOf(fields(container.resources)[kind]))
  return new Map(all.filter(([name, amount]) => counted.includes(name) && !isZero(amount)))
}

function isGuaranteed(container: Fields): boolean {
  const requests = amounts(container, 'requests')
  const limits = amounts(container, 'limits')
  return counted.every((name) => {
    const [request, limit] = [requests.get(name), limits.get(name)]
    return (
      limit !== undefined &&
      request !== undefined &&
      compareQuantities(parseQuantity(request), parseQuantity(limit)) === 0
    )
  })
}

export function qualityOfService(spec: Fields): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = containersOf(spec)
  const asksNothing = containers.every(
    (container) => amounts(container, 'requests').size + amounts(container, 'limits').size === 0,
  )
  if (asksNothing) return 'BestEffort'
  return containers.every(isGuaranteed) ? 'Guaranteed' : 'Burstable'
}

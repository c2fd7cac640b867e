/** LimitRange: gives containers limits they don't state, and refuses what is outside the bounds. */
import { child, type Fields, fields, isAbsent, list, text } from '../kinds/fields.ts'
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, quantityNumber } from '../kinds/quantity.ts'
import { amountsOf } from '../kinds/resource-list.ts'
import { type AdmissionRequest, forbiddenByAdmission, isNewPod } from './request.ts'

type Amounts = Record<string, string>

function itemsOf({ cluster, namespace }: AdmissionRequest): Fields[] {
  const ranges = cluster.list({ group: '', version: 'v1', resource: 'limitranges' }, { namespace })
  return ranges.flatMap(({ spec }) => list(fields(spec).limits))
}

/** Adds what is missing and tells the names of it. */
function fill(resources: Fields, kind: 'limits' | 'requests', usual: Amounts): string[] {
  const present = amountsOf(resources[kind])
  const missing = Object.keys(usual).filter((name) => present[name] === undefined)
  if (missing.length > 0)
    resources[kind] = { ...Object.fromEntries(missing.map((name) => [name, usual[name]])), ...present }
  return missing.sort()
}

function fillContainers(spec: Fields, item: Fields): string[] {
  return ['initContainers', 'containers'].flatMap((kind) =>
    list(spec[kind]).flatMap((container) => {
      const resources = child(container, 'resources')
      const called = `${kind === 'containers' ? 'container' : 'init container'} ${text(container.name)}`
      const requests = fill(resources, 'requests', amountsOf(item.defaultRequest))
      const limits = fill(resources, 'limits', amountsOf(item.default))
      return [
        ...(requests.length > 0 ? [`${requests.join(', ')} request for ${called}`] : []),
        ...(limits.length > 0 ? [`${limits.join(', ')} limit for ${called}`] : []),
      ]
    }),
  )
}

/** Changes a new pod; an annotation tells what was set. */
export function setLimits(request: AdmissionRequest): void {
  if (!isNewPod(request)) return
  const { object } = request
  const items = itemsOf(request).filter(({ type }) => type === 'Container')
  const told = items.flatMap((item) => fillContainers(child(object, 'spec'), item))
  if (told.length === 0) return
  const said = `LimitRanger plugin set: ${told.join('; ')}`
  object.metadata.annotations = { ...object.metadata.annotations, 'kubernetes.io/limit-ranger': said }
}

interface Bounded {
  type: string
  requests: Amounts
  limits: Amounts
}

function exceeds(amount: string, bound: string): boolean {
  return compareQuantities(parseQuantity(amount), parseQuantity(bound)) > 0
}

function leastFault({ type, requests, limits }: Bounded, name: string, least: string): string | undefined {
  const [request, limit] = [requests[name], limits[name]]
  const head = `minimum ${name} usage per ${type} is ${least}`
  if (request === undefined) return `${head}.  No request is specified`
  if (exceeds(least, request)) return `${head}, but request is ${request}`
  return limit !== undefined && exceeds(least, limit) ? `${head}, but limit is ${limit}` : undefined
}

function mostFault({ type, requests, limits }: Bounded, name: string, most: string): string | undefined {
  const [request, limit] = [requests[name], limits[name]]
  const head = `maximum ${name} usage per ${type} is ${most}`
  if (limit === undefined) return `${head}.  No limit is specified`
  if (exceeds(limit, most)) return `${head}, but limit is ${limit}`
  return request !== undefined && exceeds(request, most) ? `${head}, but request is ${request}` : undefined
}

function ratioFault({ type, requests, limits }: Bounded, name: string, most: string): string | undefined {
  const [request, limit] = [requests[name], limits[name]]
  const head = `${name} max limit to request ratio per ${type} is ${most}`
  if (request === undefined || quantityNumber(request) === 0)
    return `${head}, but no request is specified or request is 0`
  if (limit === undefined) return `${head}, but no limit is specified or limit is 0`
  const ratio = quantityNumber(limit) / quantityNumber(request)
  return ratio > quantityNumber(most) ? `${head}, but provided ratio is ${ratio.toFixed(6)}` : undefined
}

function boundFaults(bounded: Bounded, item: Fields): string[] {
  const faults = [
    ...Object.entries(amountsOf(item.min)).map(([name, bound]) => leastFault(bounded, name, bound)),
    ...Object.entries(amountsOf(item.max)).map(([name, bound]) => mostFault(bounded, name, bound)),
    ...Object.entries(amountsOf(item.maxLimitRequestRatio)).map(([name, bound]) => ratioFault(bounded, name, bound)),
  ]
  return faults.filter((fault) => fault !== undefined)
}

function boundedContainer(container: Fields): Bounded {
  const { requests, limits } = fields(container.resources)
  return { type: 'Container', requests: amountsOf(requests), limits: amountsOf(limits) }
}

function sum(all: Amounts[]): Amounts {
  const total: Amounts = {}
  for (const amounts of all) {
    for (const [name, amount] of Object.entries(amounts)) {
      const before = total[name]
      total[name] =
        before === undefined ? amount : formatQuantity(addQuantities(parseQuantity(before), parseQuantity(amount)))
    }
  }
  return total
}

function podFaults(spec: Fields, items: Fields[]): string[] {
  const containers = list(spec.containers).map(boundedContainer)
  const all = [...containers, ...list(spec.initContainers).map(boundedContainer)]
  const whole: Bounded = {
    type: 'Pod',
    requests: sum(containers.map(({ requests }) => requests)),
    limits: sum(containers.map(({ limits }) => limits)),
  }
  return items.flatMap((item) => {
    if (item.type === 'Container') return all.flatMap((container) => boundFaults(container, item))
    return item.type === 'Pod' ? boundFaults(whole, item) : []
  })
}

function claimFaults(spec: Fields, items: Fields[]): string[] {
  const storage = amountsOf(fields(spec.resources).requests)
  const claim: Bounded = { type: 'PersistentVolumeClaim', requests: storage, limits: storage }
  return items
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((item) =>
      boundFaults(claim, { min: item.min, max: item.max }).map((fault) => fault.replace('but limit', 'but request')),
    )
}

const checks: Record<string, (spec: Fields, items: Fields[]) => string[]> = {
  pods: podFaults,
  persistentvolumeclaims: claimFaults,
}

/** Throws a 403 StatusError when a new pod or claim is outside the bounds. */
export function checkLimits(request: AdmissionRequest): void {
  const { group, resource, object, operation, subresource } = request
  const check = group === '' && operation === 'CREATE' && !subresource ? checks[resource] : undefined
  if (!check || isAbsent(object.spec)) return
  const faults = [...new Set(check(fields(object.spec), itemsOf(request)))]
  if (faults.length === 0) return
  throw forbiddenByAdmission(request, faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`)
}

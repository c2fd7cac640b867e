/** How much of each resource an object takes of a namespace's quota. */
import { type Fields, fields, isAbsent, list, number, strings, text } from '../kinds/fields.ts'
import { hasNodePorts } from '../kinds/network/service-allocation.ts'
import { qualityOfService } from '../kinds/pod/qos.ts'
import { addQuantities, compareQuantities, formatQuantity, parseQuantity } from '../kinds/quantity.ts'
import { amountsOf } from '../kinds/resource-list.ts'
import type { KubeObject } from '../object.ts'

export type Usage = Record<string, string>

export function addUsage(a: Usage, b: Usage): Usage {
  const sum = { ...a }
  for (const [name, amount] of Object.entries(b)) {
    const before = sum[name]
    sum[name] =
      before === undefined ? amount : formatQuantity(addQuantities(parseQuantity(before), parseQuantity(amount)))
  }
  return sum
}

function greater(a: Usage, b: Usage): Usage {
  const most = { ...a }
  for (const [name, amount] of Object.entries(b)) {
    const before = most[name]
    if (before === undefined || compareQuantities(parseQuantity(amount), parseQuantity(before)) > 0) most[name] = amount
  }
  return most
}

/** What a pod takes at its height: its containers and sidecars together, or one init container beside the sidecars. */
export function podAmounts(spec: Fields, kind: 'requests' | 'limits'): Usage {
  let sidecars: Usage = {}
  let height: Usage = {}
  for (const container of list(spec.initContainers)) {
    const own = amountsOf(fields(container.resources)[kind])
    if (container.restartPolicy === 'Always') sidecars = addUsage(sidecars, own)
    else height = greater(height, addUsage(sidecars, own))
  }
  const running = list(spec.containers).reduce<Usage>(
    (sum, container) => addUsage(sum, amountsOf(fields(container.resources)[kind])),
    sidecars,
  )
  return addUsage(greater(height, running), amountsOf(spec.overhead))
}

const plainNames = new Set(['cpu', 'memory', 'ephemeral-storage'])

function isOver(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(text(fields(pod.status).phase))
}

function podUsage(pod: KubeObject): Usage {
  const spec = fields(pod.spec)
  if (isOver(pod)) return { 'count/pods': '1' }
  const usage: Usage = { pods: '1', 'count/pods': '1' }
  for (const [name, amount] of Object.entries(podAmounts(spec, 'requests'))) {
    usage[`requests.${name}`] = amount
    if (plainNames.has(name)) usage[name] = amount
    if (name.startsWith('hugepages-')) usage[name] = amount
  }
  for (const [name, amount] of Object.entries(podAmounts(spec, 'limits'))) {
    if (plainNames.has(name)) usage[`limits.${name}`] = amount
  }
  return usage
}

function serviceUsage({ spec }: KubeObject): Usage {
  const usage: Usage = { services: '1', 'count/services': '1' }
  const { type, ports, allocateLoadBalancerNodePorts } = fields(spec)
  if (type === 'LoadBalancer') usage['services.loadbalancers'] = '1'
  const nodePorts =
    allocateLoadBalancerNodePorts === false
      ? list(ports).filter(({ nodePort }) => (number(nodePort) ?? 0) > 0).length
      : list(ports).length
  if (hasNodePorts(fields(spec))) usage['services.nodeports'] = String(nodePorts)
  return usage
}

function claimUsage({ spec }: KubeObject): Usage {
  const usage: Usage = { persistentvolumeclaims: '1', 'count/persistentvolumeclaims': '1' }
  const { resources, storageClassName } = fields(spec)
  const { storage } = amountsOf(fields(resources).requests)
  if (storage !== undefined) usage['requests.storage'] = storage
  const named = text(storageClassName)
  if (named === '') return usage
  const prefix = `${named}.storageclass.storage.k8s.io`
  usage[`${prefix}/persistentvolumeclaims`] = '1'
  if (storage !== undefined) usage[`${prefix}/requests.storage`] = storage
  return usage
}

const measures: Record<string, (object: KubeObject) => Usage> = {
  '/pods': podUsage,
  '/services': serviceUsage,
  '/persistentvolumeclaims': claimUsage,
}

/** Kinds that count under their bare name too. */
const bareCounts = new Set(['configmaps', 'replicationcontrollers', 'resourcequotas', 'secrets'])

export function usageOf({ group, resource }: { group: string; resource: string }, object: KubeObject): Usage {
  const measure = measures[`${group}/${resource}`]
  if (measure) return measure(object)
  const counted = `count/${group === '' ? resource : `${resource}.${group}`}`
  return group === '' && bareCounts.has(resource) ? { [resource]: '1', [counted]: '1' } : { [counted]: '1' }
}

/** By scope: whether a pod is within it. */
const scopes: Record<string, (pod: KubeObject) => boolean> = {
  Terminating: ({ spec }) => !isAbsent(fields(spec).activeDeadlineSeconds),
  NotTerminating: ({ spec }) => isAbsent(fields(spec).activeDeadlineSeconds),
  BestEffort: ({ spec }) => qualityOfService(fields(spec)) === 'BestEffort',
  NotBestEffort: ({ spec }) => qualityOfService(fields(spec)) !== 'BestEffort',
  PriorityClass: ({ spec }) => text(fields(spec).priorityClassName) !== '',
}

function meetsScope(pod: KubeObject, { scopeName, operator, values }: Fields): boolean {
  const within = scopes[text(scopeName)]
  if (!within) return false
  const named = text(fields(pod.spec).priorityClassName)
  switch (text(operator)) {
    case 'In':
      return strings(values).includes(named)
    case 'NotIn':
      return !strings(values).includes(named)
    case 'DoesNotExist':
      return !within(pod)
    default:
      return within(pod)
  }
}

/** Whether a quota speaks of an object at all: one with scopes speaks of the pods within them only. */
export function isScoped(quota: KubeObject, resource: string, object: KubeObject): boolean {
  const spec = fields(quota.spec)
  const requirements = [
    ...strings(spec.scopes).map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...list(fields(spec.scopeSelector).matchExpressions),
  ]
  if (requirements.length === 0) return true
  return resource === 'pods' && requirements.every((requirement) => meetsScope(object, requirement))
}

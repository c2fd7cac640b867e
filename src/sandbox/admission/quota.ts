/** ResourceQuota: refuses a new object for which a namespace has no room left. */
import { fields, list, text } from '../kinds/fields.ts'
import type { ClusterView } from '../kinds/kind.ts'
import { compareQuantities, formatQuantity, parseQuantity, subtractQuantities } from '../kinds/quantity.ts'
import { amountsOf } from '../kinds/resource-list.ts'
import type { KubeObject } from '../object.ts'
import { addUsage, isScoped, type Usage, usageOf } from './quota-usage.ts'
import { type AdmissionRequest, forbiddenByAdmission } from './request.ts'

const quotas = { group: '', version: 'v1', resource: 'resourcequotas' }

interface Counted {
  group: string
  version: string
  resource: string
}

/** Where the objects are that a name of a quota counts. */
function countedBy(name: string): Counted | undefined {
  const generic = /^count\/([^.]+)(?:\.(.+))?$/.exec(name)
  if (generic) return { group: generic[2] ?? '', version: 'v1', resource: generic[1] ?? '' }
  const core = (resource: string) => ({ group: '', version: 'v1', resource })
  if (name.startsWith('services')) return core('services')
  if (/persistentvolumeclaims$|requests\.storage$/.test(name)) return core('persistentvolumeclaims')
  if (['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas'].includes(name)) return core(name)
  return core('pods')
}

/** What is used of everything the quota limits; nothing used is told as 0. */
export function usedOf(quota: KubeObject, cluster: ClusterView): Usage {
  const { namespace } = quota.metadata
  const hard = amountsOf(fields(quota.spec).hard)
  const used: Usage = {}
  const measured = new Map<string, Usage>()
  for (const name of Object.keys(hard)) {
    const counted = countedBy(name)
    const key = counted ? `${counted.group}/${counted.resource}` : ''
    if (counted && !measured.has(key)) measured.set(key, measure(quota, counted, cluster.list(counted, { namespace })))
    used[name] = measured.get(key)?.[name] ?? '0'
  }
  return used
}

function measure(quota: KubeObject, counted: Counted, objects: KubeObject[]): Usage {
  return objects
    .filter((object) => isScoped(quota, counted.resource, object))
    .reduce<Usage>((sum, object) => addUsage(sum, usageOf(counted, object)), {})
}

function listed(amounts: Usage, names: string[]): string {
  return names.map((name) => `${name}=${amounts[name] ?? '0'}`).join(',')
}

/** A quota of compute makes every container say what it asks for. */
function unspecified(hard: Usage, pod: KubeObject): string | undefined {
  const containers = [...list(fields(pod.spec).initContainers), ...list(fields(pod.spec).containers)]
  const missing = Object.keys(hard)
    .sort()
    .flatMap((limited) => {
      const match = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.exec(limited)
      if (!match) return []
      const [, kind = 'requests', name = ''] = match
      const silent = containers.filter(({ resources }) => amountsOf(fields(resources)[kind])[name] === undefined)
      const names = [...new Set(silent.map((container) => text(container.name)))].sort()
      return names.length === 0 ? [] : [`${limited} for: ${names.join(',')}`]
    })
  return missing.length === 0 ? undefined : `must specify ${missing.join('; ')}`
}

/** What an update adds to what the object took before. */
function growth(now: Usage, before: Usage): Usage {
  const added = Object.entries(now).map(([name, amount]): [string, string] => {
    const rest = subtractQuantities(parseQuantity(amount), parseQuantity(before[name] ?? '0'))
    return [name, formatQuantity(rest)]
  })
  return Object.fromEntries(added.filter(([, amount]) => !amount.startsWith('-') && amount !== '0'))
}

function checkQuota(request: AdmissionRequest, quota: KubeObject): void {
  const { object, old, cluster, resource } = request
  if (!isScoped(quota, resource, object)) return
  const name = quota.metadata.name ?? ''
  const hard = amountsOf(fields(quota.spec).hard)
  const takes = growth(usageOf(request, object), old ? usageOf(request, old) : {})
  if (resource === 'pods' && request.group === '' && !old) {
    const missing = unspecified(hard, object)
    if (missing !== undefined) throw forbiddenByAdmission(request, `failed quota: ${name}: ${missing}`)
  }
  const limited = Object.keys(takes).filter((each) => hard[each] !== undefined)
  if (limited.length === 0) return
  const used = usedOf(quota, cluster)
  const wanted = addUsage(takes, used)
  const over = limited
    .filter((each) => compareQuantities(parseQuantity(wanted[each] ?? '0'), parseQuantity(hard[each] ?? '0')) > 0)
    .sort()
  if (over.length === 0) return
  const told = `requested: ${listed(takes, over)}, used: ${listed(used, over)}, limited: ${listed(hard, over)}`
  throw forbiddenByAdmission(request, `exceeded quota: ${name}, ${told}`)
}

/** Throws a 403 StatusError naming the first quota that is exceeded. */
export function checkQuotas(request: AdmissionRequest): void {
  const { operation, group, resource, namespace, subresource, cluster } = request
  const grows = operation === 'CREATE' || ['/services', '/persistentvolumeclaims'].includes(`${group}/${resource}`)
  if (!grows || subresource || namespace === '') return
  const present = cluster.list(quotas, { namespace })
  for (const quota of present.toSorted((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))) {
    checkQuota(request, quota)
  }
}

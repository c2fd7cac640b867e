/** Load balancers: an address for each Service that asks for one, and for each Ingress. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import type { ControllerContext } from './context.ts'
import { keyOf, splitKey, startInformer } from './informer.ts'
import { fnv32 } from './template-hash.ts'
import type { Service } from './workload.ts'

const ingresses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' }
const component = 'service-controller'
/** All ingresses share the address of the one that would serve them. */
const ingressAddress = '172.18.0.2'

/** An address of 172.19.0.0/16 that stays the same for the Service's whole life. */
function addressOf(uid: string): string {
  const hash = fnv32(uid)
  return `172.19.${(hash >> 8) & 255}.${(hash & 253) + 1}`
}

function statusFor({ spec, metadata }: Service): { ingress?: object[] } {
  if (spec.type !== 'LoadBalancer') return {}
  return { ingress: [{ ip: spec.loadBalancerIP || addressOf(metadata.uid ?? ''), ipMode: 'VIP' }] }
}

export function startLoadBalancers(context: ControllerContext): () => void {
  const { client, events, informers, queues } = context
  const { services } = informers
  const knownIngresses = startInformer(client, ingresses)

  const serviceQueue = queues.queue((key) => {
    const service = services.get(...splitKey(key))
    // A class of its own means a controller of its own
    if (!service || service.spec.loadBalancerClass || service.metadata.deletionTimestamp) return
    const loadBalancer = statusFor(service)
    if (deepEqual(service.status?.loadBalancer ?? {}, loadBalancer)) return
    client.updateStatus(services.resource, { ...service, status: { ...service.status, loadBalancer } })
    if (!loadBalancer.ingress) return
    events.record(component, service, { reason: 'EnsuringLoadBalancer', message: 'Ensuring load balancer' })
    events.record(component, service, { reason: 'EnsuredLoadBalancer', message: 'Ensured load balancer' })
  })
  services.onChange((service) => {
    const isMeant = service?.spec.type === 'LoadBalancer' || service?.status?.loadBalancer?.ingress
    if (service && isMeant) serviceQueue.add(keyOf(service))
  })

  const ingressQueue = queues.queue((key) => {
    const ingress = knownIngresses.get(...splitKey(key))
    if (!ingress || ingress.metadata.deletionTimestamp) return
    const status = ingress.status as { loadBalancer?: { ingress?: object[] } } | undefined
    if (status?.loadBalancer?.ingress?.length) return
    const changed: KubeObject = { ...ingress, status: { loadBalancer: { ingress: [{ ip: ingressAddress }] } } }
    client.updateStatus(ingresses, changed)
  })
  knownIngresses.onChange((ingress) => {
    if (ingress) ingressQueue.add(keyOf(ingress))
  })
  return knownIngresses.stop
}

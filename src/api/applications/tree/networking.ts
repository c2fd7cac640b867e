/** How objects are reached, and which others they lead to. Pure. */
import type { Address, NetworkingInfo, ResourceRef } from '../../../contract/resource-tree-kinds.ts'
import { type Fields, fieldAt, type KubeObject, listAt, textAt, textMapAt, textsAt } from '../../../model/index.ts'
import { isWebAddress, wantsOwnLinksOnly } from './external-urls.ts'

/** What there is beyond the links of annotations. */
export type Networking = Omit<NetworkingInfo, 'externalURLs'> & { urls?: string[] }

export function podNetworking({ metadata }: KubeObject): Networking {
  return { labels: metadata.labels ?? {} }
}

export function serviceNetworking(service: KubeObject): Networking {
  const isBalanced = textAt(service, 'spec', 'type') === 'LoadBalancer'
  return {
    targetLabels: textMapAt(service, 'spec', 'selector'),
    ingress: isBalanced ? balancerAddresses(service) : [],
  }
}

function balancerAddresses(object: KubeObject): Address[] {
  return listAt(object, 'status', 'loadBalancer', 'ingress').flatMap((entry): Address[] => {
    const [hostname, ip] = [textAt(entry, 'hostname'), textAt(entry, 'ip')]
    return hostname ? [{ hostname }] : ip ? [{ ip }] : []
  })
}

export function ingressNetworking(ingress: KubeObject): Networking {
  const addresses = balancerAddresses(ingress)
  const rules = listAt(ingress, 'spec', 'rules')
  const backends = rules.flatMap((rule) => listAt(rule, 'http', 'paths').map((path) => fieldAt(path, 'backend')))
  const services = [fieldAt(ingress, 'spec', 'defaultBackend'), ...backends].map((backend) =>
    textAt(backend, 'service', 'name'),
  )
  const urls = rules.flatMap((rule) => ruleUrls(rule, { ingress, addresses }))
  return {
    targetRefs: targets(services.filter(Boolean).map((name) => serviceRef(name, ingress.metadata.namespace))),
    ingress: addresses,
    ...(!wantsOwnLinksOnly(ingress) && { urls }),
  }
}

function ruleUrls(rule: Fields, { ingress, addresses }: { ingress: KubeObject; addresses: Address[] }): string[] {
  const [first] = addresses
  const host = textAt(rule, 'host') || first?.hostname || first?.ip
  if (!host) return []
  const scheme = listAt(ingress, 'spec', 'tls').some((tls) => textAt(tls, 'secretName') || coversHost(tls, host))
  return listAt(rule, 'http', 'paths').map(
    (path) => `${scheme ? 'https' : 'http'}://${host}${textAt(path, 'path').replace(/\*$/, '')}`,
  )
}

function coversHost(tls: Fields, host: string): boolean {
  return textsAt(tls, 'hosts').includes(host)
}

export function virtualServiceNetworking(service: KubeObject): Networking {
  const hosts = listAt(service, 'spec', 'http')
    .flatMap((rule) => listAt(rule, 'route'))
    .map((route) => textAt(route, 'destination', 'host').split('.'))
  return {
    targetRefs: targets(
      hosts.flatMap(([name, namespace]) => (name ? [serviceRef(name, namespace ?? service.metadata.namespace)] : [])),
    ),
  }
}

export function serviceEntryNetworking(entry: KubeObject): Networking | undefined {
  if (fieldAt(entry, 'spec', 'workloadSelector', 'labels') === undefined) return undefined
  return { targetLabels: textMapAt(entry, 'spec', 'workloadSelector', 'labels'), targetRefs: [{ kind: 'Pod' }] }
}

export function routeNetworking(route: KubeObject): Networking {
  const own = route.metadata.namespace
  const parents = listAt(route, 'spec', 'parentRefs').map((parent) =>
    refIn(parent, { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: own }),
  )
  const backends = listAt(route, 'spec', 'rules')
    .flatMap((rule) => listAt(rule, 'backendRefs'))
    .map((backend) => refIn(backend, { group: '', kind: 'Service', namespace: own }))
  return { targetRefs: targets([...parents, ...backends].filter(({ name }) => name)) }
}

function refIn(ref: Fields, defaults: ResourceRef): ResourceRef {
  const given = (field: keyof ResourceRef) => textAt(ref, field) || defaults[field]
  return { group: given('group'), kind: given('kind'), namespace: given('namespace'), name: textAt(ref, 'name') }
}

export function gatewayNetworking(gateway: KubeObject): Networking {
  const addresses = listAt(gateway, 'status', 'addresses').flatMap((address): Address[] => {
    const value = textAt(address, 'value')
    if (!value) return []
    return textAt(address, 'type') === 'Hostname' ? [{ hostname: value }] : [{ ip: value }]
  })
  const urls = listAt(gateway, 'spec', 'listeners').flatMap((listener) => listenerUrls(listener, addresses))
  return { ingress: addresses, ...(!wantsOwnLinksOnly(gateway) && { urls }) }
}

function listenerUrls(listener: Fields, addresses: Address[]): string[] {
  const hostname = textAt(listener, 'hostname')
  const hosts =
    hostname && hostname !== '*' ? [hostname] : addresses.map((address) => address.hostname ?? address.ip ?? '')
  const scheme = ['HTTPS', 'TLS'].includes(textAt(listener, 'protocol')) ? 'https' : 'http'
  const port = fieldAt(listener, 'port')
  const suffix = port === undefined || port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`
  return hosts.map((host) => `${scheme}://${host}${suffix}`).filter(isWebAddress)
}

function serviceRef(name: string, namespace: string | undefined): ResourceRef {
  return { group: '', kind: 'Service', namespace, name }
}

function targets(refs: ResourceRef[]): ResourceRef[] {
  return [...new Map(refs.map((ref) => [JSON.stringify(ref), ref])).values()]
}

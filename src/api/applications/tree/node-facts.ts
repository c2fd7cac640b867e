/** What the tree tells of one object, made once for each version of it. */
import type { InfoItem, NetworkingInfo } from '../../../contract/resource-tree-kinds.ts'
import type { LiveObject } from '../../../live/index.ts'
import { annotation, fieldAt, type KubeObject, listAt, type OwnerReference, versionOf } from '../../../model/index.ts'
import { annotatedLinks } from './external-urls.ts'
import {
  gatewayNetworking,
  ingressNetworking,
  type Networking,
  podNetworking,
  routeNetworking,
  serviceEntryNetworking,
  serviceNetworking,
  virtualServiceNetworking,
} from './networking.ts'
import { podInfo } from './pod-info.ts'

export interface NodeFacts {
  version: string
  owners: OwnerReference[]
  labels: Record<string, string>
  info: InfoItem[]
  images: string[]
  networkingInfo?: NetworkingInfo
  createdAt?: string
}

const remembered = new WeakMap<LiveObject, NodeFacts>()

export function nodeFacts(live: LiveObject): NodeFacts {
  const known = remembered.get(live)
  if (known) return known
  const facts = factsOf(live.object, `${live.key.group}/${live.key.kind}`)
  remembered.set(live, facts)
  return facts
}

function factsOf(object: KubeObject, kind: string): NodeFacts {
  const { metadata, apiVersion } = object
  const networkingInfo = networkingOf(object, kind)
  return {
    version: versionOf(apiVersion),
    owners: metadata.ownerReferences ?? [],
    labels: metadata.labels ?? {},
    info: [...revisionInfo(object), ...(infoOf[kind]?.(object) ?? [])],
    images: kind === '/Pod' ? podImages(object) : [],
    ...(networkingInfo && { networkingInfo }),
    ...(metadata.creationTimestamp && { createdAt: metadata.creationTimestamp }),
  }
}

const infoOf: Record<string, (object: KubeObject) => InfoItem[]> = {
  '/Pod': podInfo,
  'argoproj.io/Application': ({ metadata }) => {
    const url = metadata.annotations?.[annotation.managedByUrl]
    return url === undefined ? [] : [{ name: 'managed-by-url', value: url }]
  },
}

const revisionAnnotations = ['deployment.kubernetes.io/revision', 'rollout.argoproj.io/revision']

function revisionInfo(object: KubeObject): InfoItem[] {
  const { annotations = {} } = object.metadata
  const named = revisionAnnotations.find((name) => annotations[name] !== undefined)
  const revision = named ? Number.parseInt(annotations[named] ?? '', 10) : Number(fieldAt(object, 'revision') ?? 0)
  return revision > 0 ? [{ name: 'Revision', value: `Rev:${revision}` }] : []
}

const gatewayRoutes = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute']

const networkingOfKind: Record<string, (object: KubeObject) => Networking | undefined> = {
  '/Pod': podNetworking,
  '/Service': serviceNetworking,
  'networking.k8s.io/Ingress': ingressNetworking,
  'networking.istio.io/VirtualService': virtualServiceNetworking,
  'networking.istio.io/ServiceEntry': serviceEntryNetworking,
  'gateway.networking.k8s.io/Gateway': gatewayNetworking,
  ...Object.fromEntries(gatewayRoutes.map((route) => [`gateway.networking.k8s.io/${route}`, routeNetworking])),
}

function networkingOf(object: KubeObject, kind: string): NetworkingInfo | undefined {
  const { urls = [], ...found } = networkingOfKind[kind]?.(object) ?? {}
  const externalURLs = [...new Set([...annotatedLinks(object), ...urls])]
  if (Object.keys(found).length + externalURLs.length === 0) return undefined
  return { ...found, ...(externalURLs.length > 0 && { externalURLs }) }
}

function podImages(pod: KubeObject): string[] {
  const containers = [...listAt(pod, 'spec', 'initContainers'), ...listAt(pod, 'spec', 'containers')]
  return [...new Set(containers.flatMap(({ image }) => (typeof image === 'string' ? [image] : [])))]
}

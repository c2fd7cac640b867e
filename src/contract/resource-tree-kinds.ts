/** What an application consists of, as Argo CD's tree has it. */
import { type Static, Type } from '../model/schema.ts'
import { named } from './named.ts'

const Text = Type.String()
const Labels = Type.Record(Type.String(), Type.String())

const refFields = {
  group: Type.Optional(Text),
  version: Type.Optional(Text),
  kind: Type.Optional(Text),
  namespace: Type.Optional(Text),
  name: Type.Optional(Text),
  uid: Type.Optional(Text),
}
const ResourceRef = named('v1alpha1ResourceRef', Type.Object(refFields))
export type ResourceRef = Static<typeof ResourceRef>

const Address = named('v1LoadBalancerIngress', Type.Object({ hostname: Type.Optional(Text), ip: Type.Optional(Text) }))
export type Address = Static<typeof Address>

const NetworkingInfo = named(
  'v1alpha1ResourceNetworkingInfo',
  Type.Object({
    targetLabels: Type.Optional(Labels),
    targetRefs: Type.Optional(Type.Array(ResourceRef)),
    labels: Type.Optional(Labels),
    ingress: Type.Optional(Type.Array(Address)),
    externalURLs: Type.Optional(Type.Array(Text)),
  }),
)
export type NetworkingInfo = Static<typeof NetworkingInfo>

const InfoItem = named('v1alpha1InfoItem', Type.Object({ name: Text, value: Text }))
export type InfoItem = Static<typeof InfoItem>

const ResourceNode = named(
  'v1alpha1ResourceNode',
  Type.Object({
    ...refFields,
    parentRefs: Type.Optional(Type.Array(ResourceRef)),
    info: Type.Optional(Type.Array(InfoItem)),
    networkingInfo: Type.Optional(NetworkingInfo),
    resourceVersion: Type.Optional(Text),
    images: Type.Optional(Type.Array(Text)),
    health: Type.Optional(named('v1alpha1HealthStatus', Type.Object({ status: Text, message: Type.Optional(Text) }))),
    createdAt: Type.Optional(Text),
  }),
)
export type ResourceNode = Static<typeof ResourceNode>

const HostInfo = named(
  'v1alpha1HostInfo',
  Type.Object({
    name: Text,
    labels: Type.Optional(Labels),
    systemInfo: Type.Optional(Type.Unsafe<object>({ type: 'object' })),
    resourcesInfo: Type.Optional(
      Type.Array(
        named(
          'v1alpha1HostResourceInfo',
          Type.Object({
            resourceName: Text,
            /** In thousandths, as the others. */
            capacity: Type.Integer(),
            requestedByApp: Type.Integer(),
            requestedByNeighbors: Type.Integer(),
          }),
        ),
      ),
    ),
  }),
)
export type HostInfo = Static<typeof HostInfo>

export const ApplicationTree = named(
  'v1alpha1ApplicationTree',
  Type.Object({
    nodes: Type.Array(ResourceNode),
    orphanedNodes: Type.Array(ResourceNode),
    hosts: Type.Array(HostInfo),
    shardsCount: Type.Integer(),
  }),
)
export type ApplicationTree = Static<typeof ApplicationTree>

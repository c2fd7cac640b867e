/** What names one object of a cluster, whatever the version it is read in. */
import { groupOf, type KubeObject } from './kube-object.ts'

export interface ResourceKey {
  /** Empty for the core group. */
  group: string
  kind: string
  /** Empty for cluster-scoped objects. */
  namespace: string
  name: string
}

export function keyOf(object: KubeObject): ResourceKey {
  const { name, namespace = '' } = object.metadata
  return { group: groupOf(object.apiVersion), kind: object.kind, namespace, name }
}

/** A key as a map key: group/kind/namespace/name. */
export function keyText({ group, kind, namespace, name }: ResourceKey): string {
  return `${group}/${kind}/${namespace}/${name}`
}

export function parseKey(text: string): ResourceKey {
  const [group = '', kind = '', namespace = '', ...name] = text.split('/')
  return { group, kind, namespace, name: name.join('/') }
}

/** A key for people: `Deployment web`, `Certificate.cert-manager.io shop/tls`. */
export function describeKey({ group, kind, namespace, name }: ResourceKey): string {
  return `${group ? `${kind}.${group}` : kind} ${namespace ? `${namespace}/` : ''}${name}`
}

/** Which application an object belongs to, by the annotation that a sync puts on it. */
import { annotation } from './annotations.ts'
import type { KubeObject } from './kube-object.ts'
import { keyOf, type ResourceKey } from './resource-key.ts'

export interface TrackingId {
  /** `name`, or `namespace_name` for an application outside the control namespace. */
  application: string
  key: ResourceKey
}

/** `<app>:<group>/<kind>:<namespace>/<name>`. */
export function formatTrackingId({ application, key }: TrackingId): string {
  return `${application}:${key.group}/${key.kind}:${key.namespace}/${key.name}`
}

export function parseTrackingId(text: string): TrackingId | undefined {
  const match = /^([^:]*):([^/:]*)\/([^:]*):([^/]*)\/(.+)$/.exec(text)
  if (!match) return undefined
  const [, application = '', group = '', kind = '', namespace = '', name = ''] = match
  return { application, key: { group, kind, namespace, name } }
}

/**
 * The application that tracks this object. An annotation that was copied from another object (by a controller that
 * copies annotations to its children, say) names that other object and does not count.
 */
export function trackingApplication(object: KubeObject): string | undefined {
  const text = object.metadata.annotations?.[annotation.trackingId]
  const id = text === undefined ? undefined : parseTrackingId(text)
  if (!id) return undefined
  const key = keyOf(object)
  const own =
    id.key.group === key.group &&
    id.key.kind === key.kind &&
    id.key.name === key.name &&
    // The namespace is not compared for cluster-scoped objects: older versions recorded the destination's there.
    (key.namespace === '' || id.key.namespace === key.namespace)
  return own ? id.application : undefined
}

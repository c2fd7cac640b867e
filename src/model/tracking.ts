/** Which application an object belongs to, by the marks that a sync puts on it. */
import { annotation, label } from './annotations.ts'
import type { FieldDrift } from './drift.ts'
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

export interface Tracking {
  method: 'annotation' | 'label' | 'annotation+label'
  labelKey: string
  /** Tells the installations of one cluster apart; an empty one is none. */
  installationId: string
}

export const defaultTracking: Tracking = { method: 'annotation', labelKey: label.instance, installationId: '' }

/** The application that tracks this object; undefined: none of this installation does. */
export function trackingApplication(object: KubeObject, tracking: Tracking = defaultTracking): string | undefined {
  if (tracking.method === 'label') return labelled(object, tracking)
  const { installationId } = tracking
  const isOurs = installationId === '' || object.metadata.annotations?.[annotation.installationId] === installationId
  return isOurs ? annotated(object) : undefined
}

/**
 * The application that another method of tracking, or one without an installation ID, would name: what is left after a
 * change of settings.
 */
export function formerApplication(object: KubeObject, tracking: Tracking): string | undefined {
  const installation = object.metadata.annotations?.[annotation.installationId]
  if (installation && installation !== tracking.installationId) return undefined
  return annotated(object) ?? labelled(object, tracking)
}

/** The other installation that has the object, by its ID; undefined: there is none, or nobody can tell. */
export function foreignInstallation(object: KubeObject, { method, installationId }: Tracking): string | undefined {
  if (installationId === '' || method === 'label') return undefined
  const other = object.metadata.annotations?.[annotation.installationId]
  return other && other !== installationId && annotated(object) !== undefined ? other : undefined
}

/** A label is copied to what controllers make of an object, so that it counts only where there is no owner. */
function labelled({ metadata }: KubeObject, { labelKey }: Tracking): string | undefined {
  if (metadata.ownerReferences && metadata.ownerReferences.length > 0) return undefined
  return metadata.labels?.[labelKey] || undefined
}

/**
 * An annotation that was copied from another object (by a controller that copies annotations to its children, say) names
 * that other object and does not count.
 */
function annotated(object: KubeObject): string | undefined {
  const text = object.metadata.annotations?.[annotation.trackingId]
  const id = text === undefined ? undefined : parseTrackingId(text)
  if (!id) return undefined
  const key = keyOf(object)
  const own =
    id.key.group === key.group &&
    id.key.kind === key.kind &&
    id.key.name === key.name &&
    // The namespace is not compared for cluster-scoped objects: Argo CD records the destination's there.
    (key.namespace === '' || id.key.namespace === key.namespace)
  return own ? id.application : undefined
}

/** The object with the marks by which it is found again. `instance` as `instanceName()` gives it. */
export function track(object: KubeObject, instance: string, tracking: Tracking = defaultTracking): KubeObject {
  const { method, labelKey, installationId } = tracking
  const annotations = {
    [annotation.trackingId]: formatTrackingId({ application: instance, key: keyOf(object) }),
    ...(installationId && { [annotation.installationId]: installationId }),
  }
  // Where the label alone counts it must be whole: a server refuses it rather than that it names another application.
  const value = method === 'label' ? instance : shortened(instance)
  return withMarks(object, {
    annotations: method === 'label' ? {} : annotations,
    labels: method === 'annotation' ? {} : { [labelKey]: value },
  })
}

/** The object with the marks that the live one has, whatever they are. */
export function trackLike(object: KubeObject, live: KubeObject, instance: string, { labelKey }: Tracking): KubeObject {
  const { annotations = {}, labels = {} } = live.metadata
  const marks = [annotation.trackingId, annotation.installationId].filter((name) => annotations[name] !== undefined)
  const isMark = labels[labelKey] === instance || labels[labelKey] === shortened(instance)
  return withMarks(object, {
    annotations: Object.fromEntries(marks.map((name) => [name, annotations[name] ?? ''])),
    labels: isMark ? { [labelKey]: labels[labelKey] ?? '' } : {},
  })
}

interface Marks {
  annotations: Record<string, string>
  labels: Record<string, string>
}

function withMarks(object: KubeObject, { annotations, labels }: Marks): KubeObject {
  const { metadata } = object
  const more = {
    ...(Object.keys(annotations).length > 0 && { annotations: { ...metadata.annotations, ...annotations } }),
    ...(Object.keys(labels).length > 0 && { labels: { ...metadata.labels, ...labels } }),
  }
  return { ...object, metadata: { ...metadata, ...more } }
}

const longestLabel = 63

/** A label ends with a letter or a digit. */
function shortened(instance: string): string {
  return instance.slice(0, longestLabel).replace(/[^a-zA-Z0-9]+$/, '')
}

/** True for a drift of nothing but marks: one of them, or all labels or annotations of an object that has no others. */
export function isMarkDrift({ path, desired, live }: FieldDrift, { labelKey }: Tracking): boolean {
  const names: string[] = [annotation.trackingId, annotation.installationId]
  const single = [...names.map((name) => `metadata.annotations['${name}']`), `metadata.labels['${labelKey}']`]
  if (single.includes(path)) return true
  const marks = { 'metadata.annotations': names, 'metadata.labels': [labelKey] }[path]
  return (
    marks !== undefined && Object.keys({ ...Object(desired), ...Object(live) }).every((name) => marks.includes(name))
  )
}

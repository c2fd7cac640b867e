/** Built-in kinds that are served in two shapes: Event (core and events.k8s.io) and HorizontalPodAutoscaler (v1 and v2). */
import type { KubeObject } from '../object.ts'
import { type Fields, fields, isAbsent, list } from './fields.ts'

type Convert = (object: KubeObject) => KubeObject

/** New names of an event's fields by their old ones. */
const eventFields: Record<string, string> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
}
const oldEventFields = Object.fromEntries(Object.entries(eventFields).map(([old, now]) => [now, old]))

function renamed(object: KubeObject, names: Record<string, string>): KubeObject {
  const entries = Object.entries(object).map(([name, value]) => [names[name] ?? name, value])
  return Object.fromEntries(entries) as KubeObject
}

function toNewEvent(event: KubeObject): KubeObject {
  const made = renamed(event, eventFields)
  for (const name of ['reportingController', 'reportingInstance']) if (made[name] === '') delete made[name]
  return made
}

function toOldEvent(event: KubeObject): KubeObject {
  return { reportingComponent: '', reportingInstance: '', ...renamed(event, oldEventFields) }
}

/** Where v1 keeps what it has no field for. */
const annotations = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
}

function isCpuShare(metric: Fields, measure: 'target' | 'current'): boolean {
  const resource = fields(metric.resource)
  return resource.name === 'cpu' && !isAbsent(fields(resource[measure]).averageUtilization)
}

function share(metric: Fields | undefined, measure: 'target' | 'current'): unknown {
  return fields(fields(metric?.resource)[measure]).averageUtilization
}

function annotated(object: KubeObject, extra: Record<string, unknown>): KubeObject['metadata'] {
  const told = Object.entries(extra).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : !isAbsent(value)))
  if (told.length === 0) return object.metadata
  const added = Object.fromEntries(told.map(([name, value]) => [name, JSON.stringify(value)]))
  return { ...object.metadata, annotations: { ...object.metadata.annotations, ...added } }
}

function toOldAutoscaler(object: KubeObject): KubeObject {
  const { metrics, behavior, ...spec } = fields(object.spec)
  const { currentMetrics, conditions, ...status } = fields(object.status)
  const [wanted, measured] = [list(metrics), list(currentMetrics)]
  const target = share(
    wanted.find((metric) => isCpuShare(metric, 'target')),
    'target',
  )
  const current = share(
    measured.find((metric) => isCpuShare(metric, 'current')),
    'current',
  )
  return {
    ...object,
    metadata: annotated(object, {
      [annotations.metrics]: wanted.filter((metric) => !isCpuShare(metric, 'target')),
      [annotations.currentMetrics]: measured.filter((metric) => !isCpuShare(metric, 'current')),
      [annotations.conditions]: conditions,
      [annotations.behavior]: behavior,
    }),
    spec: { ...spec, ...(isAbsent(target) ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: 0,
      ...status,
      ...(isAbsent(current) ? {} : { currentCPUUtilizationPercentage: current }),
    },
  }
}

function parsed(object: KubeObject, name: string): unknown {
  const source = object.metadata.annotations?.[name]
  if (source === undefined) return undefined
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}

function cpuShare(measure: 'target' | 'current', value: unknown): Fields[] {
  if (isAbsent(value)) return []
  const measured =
    measure === 'target' ? { type: 'Utilization', averageUtilization: value } : { averageUtilization: value }
  return [{ type: 'Resource', resource: { name: 'cpu', [measure]: measured } }]
}

function withoutExtras(object: KubeObject): KubeObject['metadata'] {
  const extras = new Set(Object.values(annotations))
  const kept = Object.entries(object.metadata.annotations ?? {}).filter(([name]) => !extras.has(name))
  const { annotations: _, ...metadata } = object.metadata
  return kept.length === 0 ? metadata : { ...metadata, annotations: Object.fromEntries(kept) }
}

function toNewAutoscaler(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = fields(object.spec)
  const { currentCPUUtilizationPercentage: current, ...status } = fields(object.status)
  const metrics = [...list(parsed(object, annotations.metrics)), ...cpuShare('target', target)]
  const measured = [...list(parsed(object, annotations.currentMetrics)), ...cpuShare('current', current)]
  const [behavior, conditions] = [parsed(object, annotations.behavior), parsed(object, annotations.conditions)]
  return {
    ...object,
    metadata: withoutExtras(object),
    spec: { ...spec, ...(metrics.length > 0 ? { metrics } : {}), ...(isAbsent(behavior) ? {} : { behavior }) },
    status: {
      ...status,
      currentMetrics: measured.length > 0 ? measured : null,
      ...(isAbsent(conditions) ? {} : { conditions }),
    },
  }
}

/** By kind and the group version asked for. */
const conversions: Record<string, Convert> = {
  'Event v1': toOldEvent,
  'Event events.k8s.io/v1': toNewEvent,
  'HorizontalPodAutoscaler autoscaling/v1': toOldAutoscaler,
  'HorizontalPodAutoscaler autoscaling/v2': toNewAutoscaler,
}

/** A copy of the object as `apiVersion` shows it; parts that don't differ are shared with the original. */
export function convertBuiltin(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object
  const convert = conversions[`${object.kind} ${apiVersion}`]
  return { ...(convert ? convert(object) : object), apiVersion }
}

/** The one group version in which a kind of two shapes is stored, so that selectors and controllers meet one shape. */
const storedAs: Record<string, string> = { Event: 'v1', HorizontalPodAutoscaler: 'autoscaling/v2' }

/** The object as it is stored: itself, unless its kind has two shapes. */
export function storedShape(object: KubeObject): KubeObject {
  return convertBuiltin(object, storedAs[object.kind] ?? object.apiVersion)
}

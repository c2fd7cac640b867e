/** The scale subresource of custom resources. */
import type { Json, KubeObject } from '../object.ts'
import { type FieldFault, StatusError } from '../status.ts'
import { invalidValue } from './fault.ts'
import { isMap, type ScaleSubresource } from './schema.ts'

const maxInt32 = 2 ** 31 - 1

function keysOf(path: string): string[] {
  return path.replace(/^\./, '').split('.')
}

interface Read {
  value: Json | undefined
  /** Why the path could not be followed or the value is of another type. */
  fault?: string
}

function read(object: KubeObject, path: string, type: 'integer' | 'string'): Read {
  let value: Json | undefined = object as unknown as Json
  const passed: string[] = []
  for (const key of keysOf(path)) {
    if (value === undefined) break
    if (!isMap(value)) return { value: undefined, fault: accessFault(passed, value, 'map[string]interface {}') }
    value = value[key]
    passed.push(key)
  }
  if (value === undefined) return { value }
  const fits = type === 'string' ? typeof value === 'string' : Number.isInteger(value) || typeof value === 'bigint'
  return fits ? { value } : { value, fault: accessFault(passed, value, type === 'string' ? 'string' : 'int64') }
}

function accessFault(passed: string[], value: Json, expected: string): string {
  return `.${passed.join('.')} accessor error: ${goValue(value)} is of the type ${goType(value)}, expected ${expected}`
}

function goValue(value: Json): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  if (!isMap(value)) return String(value)
  const fields = Object.keys(value).sort()
  return `map[${fields.map((key) => `${key}:${goValue(value[key] ?? null)}`).join(' ')}]`
}

function goType(value: Json): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'object') return 'map[string]interface {}'
  return Number.isInteger(value) || typeof value === 'bigint' ? 'int64' : 'float64'
}

/** The Scale of a custom resource. */
export function customScale(object: KubeObject, scale: ScaleSubresource): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = numberAt(object, scale.specReplicasPath)
  const selector = scale.labelSelectorPath ? read(object, scale.labelSelectorPath, 'string').value : undefined
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: numberAt(object, scale.statusReplicasPath), ...(selector ? { selector } : {}) },
  }
}

function numberAt(object: KubeObject, path: string): number {
  const { value, fault } = read(object, path, 'integer')
  if (fault) throw new StatusError({ message: fault, code: 500 })
  return Number(value ?? 0)
}

/** The custom resource with the replicas of a Scale that was written. */
export function withCustomScale(object: KubeObject, scale: ScaleSubresource, written: KubeObject): KubeObject {
  const spec = written.spec
  const replicas = isMap(spec) && typeof spec.replicas === 'number' ? spec.replicas : 0
  const changed = structuredClone(object)
  const keys = keysOf(scale.specReplicasPath)
  let at = changed as unknown as Record<string, Json>
  for (const key of keys.slice(0, -1)) {
    const next = at[key]
    const inner = isMap(next) ? next : {}
    at[key] = inner
    at = inner
  }
  at[keys.at(-1) ?? ''] = replicas
  return changed
}

/** What is wrong with the values at the paths of a scale subresource; `part` limits it to those below status. */
export function scaleFaults(
  object: KubeObject,
  scale: ScaleSubresource | undefined,
  part: 'all' | 'status',
): FieldFault[] {
  if (!scale) return []
  const spec = part === 'all' ? replicaFaults(object, scale.specReplicasPath) : []
  return [
    ...spec,
    ...replicaFaults(object, scale.statusReplicasPath),
    ...selectorFaults(object, scale.labelSelectorPath),
  ]
}

function replicaFaults(object: KubeObject, path: string): FieldFault[] {
  const { value = 0, fault } = read(object, path, 'integer')
  if (fault) return [invalidValue(path, 0, fault)]
  if (Number(value) < 0) return [invalidValue(path, value, 'should be a non-negative integer')]
  if (Number(value) > maxInt32) return [invalidValue(path, value, `should be less than or equal to ${maxInt32}`)]
  return []
}

function selectorFaults(object: KubeObject, path: string | undefined): FieldFault[] {
  const fault = path ? read(object, path, 'string').fault : undefined
  return path && fault ? [invalidValue(path, '', fault)] : []
}

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mutate } from '../admission/admission.ts'
import { invalid } from '../invalid.ts'
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { validateMetadata } from './metadata.ts'
import { kindOf } from './registry.ts'

interface Step {
  name: string
  request: { method: string; path: string; headers?: Record<string, string>; body?: unknown }
  response: { status: number; headers?: { warning?: string[] }; body?: unknown; partial?: boolean }
}

const traces = [
  'defaults-workloads',
  'defaults-network',
  'defaults-other',
  'names-and-labels',
  'immutable',
  'generation',
]
/** Steps that the pure rules of kinds can't answer alone: refused in decoding, given out by others, or read. */
const elsewhere = /cannot be handled as|StorageError|being deleted/
/** Steps that stand on others that are not replayed here. */
const later = ['finalizer added', 'finalizer removed']

function load(trace: string): Step[] {
  const file = new URL(`../fixtures/traces/${trace}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')).steps
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged: Record<string, unknown> = { ...(typeof target === 'object' ? target : {}) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

const uid = '11111111-2222-3333-4444-555555555555'
const created = '2026-01-01T00:00:00Z'

class Cluster {
  readonly stored = new Map<string, KubeObject>()

  view() {
    return {
      get: () => undefined,
      list: ({ resource }: { resource: string }) =>
        [...this.stored.values()].filter(({ kind }) => resource === `${kind.toLowerCase()}s`),
    }
  }
}

function answer(cluster: Cluster, { request }: Step): { object: KubeObject; warnings: string[] } {
  const body = structuredClone(request.body) as KubeObject
  const parts = request.path.split('?')[0]?.split('/').slice(1) ?? []
  const namespace = parts[parts.indexOf('namespaces') + 1]
  const namespaced = parts.includes('namespaces') && parts.at(-1) !== 'namespaces' && parts.at(-2) !== 'namespaces'
  const old = request.method === 'POST' ? undefined : cluster.stored.get(request.path)
  const object = (old && request.method === 'PATCH' ? mergePatch(structuredClone(old), body) : body) as KubeObject
  const gvk = object.apiVersion.split('/')
  const [group, version] = gvk.length === 2 ? gvk : ['', gvk[0] ?? '']
  const kind = kindOf(group ?? '', version ?? '', object.kind)
  object.metadata = { ...object.metadata, ...(namespaced ? { namespace } : {}), uid, creationTimestamp: created }
  kind.setDefaults?.(object, old)
  if (old) {
    object.metadata.generation = old.metadata.generation
    kind.prepareForUpdate?.(object, old)
    if (kind.generationGrows?.(object, old)) object.metadata.generation = (old.metadata.generation ?? 0) + 1
  } else {
    const resource = parts.at(-1) ?? ''
    mutate({
      operation: 'CREATE',
      group: group ?? '',
      resource,
      namespace: namespace ?? '',
      object,
      cluster: cluster.view(),
    })
    kind.prepareForCreate?.(object)
  }
  const faults = [
    ...validateMetadata(object, { namespaced, nameRule: kind.nameRule, old }),
    ...((old ? kind.validateUpdate?.(object, old) : kind.validate?.(object)) ?? []),
  ]
  const name = object.metadata.name ?? ''
  if (faults.length > 0) throw invalid({ group, kind: object.kind }, name, faults)
  kind.allocate?.(object, old, cluster.view())
  cluster.stored.set(old ? request.path : `${request.path.split('?')[0]}/${name}`, object)
  return {
    object,
    warnings: [...(kind.deprecation ? [kind.deprecation] : []), ...(kind.warnings?.(object, old) ?? [])],
  }
}

/** Values that differ between runs are replaced; labels that hold a uid too. */
function settle(value: unknown, key = ''): unknown {
  if (
    [
      'uid',
      'resourceVersion',
      'creationTimestamp',
      'lastPhaseTransitionTime',
      'clusterIP',
      'nodePort',
      'healthCheckNodePort',
      'controller-uid',
      'batch.kubernetes.io/controller-uid',
    ].includes(key)
  ) {
    return value === 'None' ? value : '*'
  }
  if (key === 'clusterIPs') return (value as string[]).map((ip) => settle(ip, 'clusterIP'))
  if (typeof value === 'string') return value.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, '*')
  if (Array.isArray(value)) return value.map((item) => settle(item))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(
    ([name]) => name !== 'managedFields' && !(key === 'metadata' && name === 'resourceVersion'),
  )
  return Object.fromEntries(entries.map(([name, inner]) => [name, settle(inner, name)]))
}

/** `partial` answers hold only some fields. */
function covers(part: unknown, whole: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return whole
  const all = (whole ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(part)
      .filter(([name]) => name in all)
      .map(([name, inner]) => [name, covers(inner, all[name])]),
  )
}

describe.each(traces)('%s', (trace) => {
  const cluster = new Cluster()
  for (const [index, step] of load(trace).entries()) {
    const { request, response } = step
    const type = request.headers?.['content-type'] ?? ''
    const strategic = type.includes('strategic') || type.includes('apply') || type.includes('yaml')
    const isWrite = ['POST', 'PUT', 'PATCH'].includes(request.method) && !strategic
    const main = !/\/(status|scale)(\?|$)/.test(request.path)
    if (
      /^Pod, /.test(step.name) ||
      !isWrite ||
      !main ||
      later.includes(step.name) ||
      elsewhere.test(JSON.stringify(response.body))
    )
      continue
    test(`${index} ${step.name}`, () => {
      let got: unknown
      try {
        const { object, warnings } = answer(cluster, step)
        got = object
        expect(warnings.map((warning) => `299 - ${JSON.stringify(warning)}`)).toEqual(response.headers?.warning ?? [])
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        got = error.status
      }
      const settled = settle(got)
      expect(response.partial ? covers(settle(response.body), settled) : settled).toEqual(settle(response.body))
    })
  }
})

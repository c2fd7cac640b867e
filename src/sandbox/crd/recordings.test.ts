import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Json, KubeObject } from '../object.ts'
import { type FieldFault, StatusError } from '../status.ts'
import { customKind } from './custom-kind.ts'
import { convertCustomResource, customVersion, decodeCustomResource, storageVersion } from './custom-version.ts'
import { asDefinition, definitionKind } from './definition.ts'
import { isMap } from './schema.ts'

interface Step {
  name: string
  request: { method: string; path: string; headers?: Record<string, string>; body?: KubeObject }
  response: { status: number; headers: Record<string, string | string[]>; body: Record<string, Json> }
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

function stepsOf(trace: string): Step[] {
  const file = new URL(`../fixtures/traces/${trace}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')).steps
}

function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isMap(patch)) return patch
  const result: Record<string, Json> = isMap(target) ? structuredClone(target) : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

/** Plays the steps that pure functions can answer; the rest of a server is not here. */
class Player {
  readonly stored = new Map<string, KubeObject>()
  readonly given = new Map<string, KubeObject>()

  faults(step: Step): FieldFault[] | 'unplayed' {
    const { method, path, body, headers } = step.request
    if (!body || headers?.['content-type'] === 'application/apply-patch+yaml') return 'unplayed'
    if (path.startsWith(definitions)) return this.writeDefinition(method, path, body)
    const parts = /^\/apis\/([^/]+)\/([^/]+)\/namespaces\/[^/]+\/([^/?]+)(?:\/([^/?]+))?(\/status)?(?:\?|$)/.exec(path)
    if (!parts) return 'unplayed'
    const [, group = '', version = '', plural = '', name = '', status] = parts
    const definition = this.stored.get(`${plural}.${group}`)
    const custom = definition && customVersion(asDefinition(definition), version)
    if (!custom) return 'unplayed'
    const kind = customKind(custom)
    const fieldValidation = /fieldValidation=(\w+)/.exec(path)?.[1] ?? 'Warn'
    const options = { fieldValidation: fieldValidation as 'Warn' }
    if (method === 'POST') {
      const { object } = decodeCustomResource(custom, body, options)
      kind.prepareForCreate?.(object)
      const faults = kind.validate?.(object) ?? []
      if (faults.length === 0 && !path.includes('dryRun')) this.given.set(`${plural}/${object.metadata.name}`, object)
      return faults
    }
    const old = this.given.get(`${plural}/${name}`)
    if (method !== 'PATCH' || !old) return 'unplayed'
    const patched = mergePatch(old as unknown as Json, body as unknown as Json) as unknown as KubeObject
    const { object } = decodeCustomResource(custom, patched, options)
    const prepare = status ? kind.prepareForStatusUpdate : kind.prepareForUpdate
    prepare?.(object, old)
    const faults = (status ? kind.validateStatusUpdate : kind.validateUpdate)?.(object, old) ?? []
    if (faults.length === 0) this.given.set(`${plural}/${name}`, object)
    return faults
  }

  writeDefinition(method: string, path: string, body: KubeObject): FieldFault[] | 'unplayed' {
    if (method === 'POST') {
      const object = structuredClone(body)
      if (this.stored.has(object.metadata.name ?? '')) return 'unplayed'
      definitionKind.prepareForCreate?.(object)
      definitionKind.setDefaults?.(object)
      const faults = definitionKind.validate?.(object) ?? []
      if (faults.length === 0) this.stored.set(object.metadata.name ?? '', object)
      return faults
    }
    const old = this.stored.get(path.slice(definitions.length + 1))
    if (method !== 'PATCH' || !old) return 'unplayed'
    const established = { ...asDefinition(old).status, conditions: [{ type: 'Established', status: 'True' }] }
    const before = { ...old, status: established }
    const object = mergePatch(before as unknown as Json, body as unknown as Json) as unknown as KubeObject
    definitionKind.prepareForUpdate?.(object, before)
    const faults = definitionKind.validateUpdate?.(object, before) ?? []
    if (faults.length === 0) this.stored.set(object.metadata.name ?? '', object)
    return faults
  }

  /** What the server answers with, as far as it is the body that was written. */
  written(path: string): KubeObject | undefined {
    const [, version = '', plural = ''] = /^\/apis\/[^/]+\/([^/]+)\/namespaces\/[^/]+\/([^/?]+)/.exec(path) ?? []
    const definition = [...this.stored.values()].map(asDefinition).find((known) => known.spec.names.plural === plural)
    const object = [...this.given.entries()].findLast(([key]) => key.startsWith(`${plural}/`))?.[1]
    const target = definition && customVersion(definition, version)
    const storage = definition && storageVersion(definition)
    return object && target && storage
      ? convertCustomResource(convertCustomResource(object, storage), target)
      : undefined
  }
}

function byText(left: FieldFault, right: FieldFault): number {
  return left.field + left.message < right.field + right.message ? -1 : 1
}

for (const trace of ['crd-lifecycle', 'crd-schema', 'crd-versions', 'crd-subresources']) {
  const player = new Player()
  for (const [index, step] of stepsOf(trace).entries()) {
    if (step.request.method === 'GET' || step.request.method === 'DELETE') continue
    test(`${trace} ${index}: ${step.name} is answered as recorded`, () => {
      const { status, body } = step.response
      let faults: FieldFault[] | 'unplayed'
      try {
        faults = player.faults(step)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        expect(error.status).toEqual(body)
        return
      }
      if (faults === 'unplayed') return
      const details = isMap(body.details) ? body.details : {}
      const causes = (details.causes ?? []) as unknown as FieldFault[]
      // a write that lacks the resourceVersion is refused before it is validated
      if (causes.some((cause) => cause.field === 'metadata.resourceVersion')) return
      expect([...faults].sort(byText)).toEqual([...causes].sort(byText))
      if (status !== 201 || step.request.path.includes('dryRun') || !body.spec) return
      if (!step.request.path.startsWith(definitions)) expect(player.written(step.request.path)?.spec).toEqual(body.spec)
    })
  }
}

/** Replays the recorded requests to ConfigMaps, whose objects the server neither defaults nor allocates, on the pure functions. */
import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import type { Json, JsonObject, KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { applyPatch } from './apply.ts'
import { parseApply, parseBody, parsePatch } from './body.ts'
import { builtinType } from './builtin-type.ts'
import { decode, decodePatched, type FieldValidation, normalize } from './decode.ts'
import { goFormat } from './go-text.ts'
import { toSortedJson } from './json.ts'
import { trackUpdate } from './managed-fields.ts'
import { patchJson } from './patch-json.ts'
import { patchMerge } from './patch-merge.ts'
import { patchStrategic } from './patch-strategic.ts'
import { settleTimes } from './settle-times.ts'
import type { Type } from './type.ts'

interface Step {
  name: string
  request: { method: string; path: string; headers?: Record<string, string>; body?: unknown; userAgent?: string }
  response: { status: number; headers?: Record<string, string | string[]>; body?: JsonObject; partial?: boolean }
}

const gvk = { group: '', version: 'v1', kind: 'ConfigMap' }
const type = builtinType(gvk) as Type
const now = new Date('2026-11-23T06:02:02Z')

/** Refusals that come from the endpoint, its options, or the checks of metadata. */
const elsewhere = /Options\.meta\.k8s\.io|does not match|not allow this method|has been modified|is invalid: metadata/

function run(stored: KubeObject | undefined, { request }: Step): { object: KubeObject; warnings: string[] } {
  const text = typeof request.body === 'string' ? request.body : JSON.stringify(request.body)
  const query = new URL(request.path, 'http://sandbox').searchParams
  const mediaType = request.headers?.['content-type'] ?? 'application/json'
  const manager = query.get('fieldManager') || (request.userAgent?.split('/')[0] ?? 'client')
  const fieldValidation = (query.get('fieldValidation') ?? 'Warn') as FieldValidation
  const strictness = { gvk, fieldValidation }
  if (mediaType === 'application/apply-patch+yaml') {
    const { value, duplicates } = parseApply(text)
    const live = stored && { live: stored }
    const applied = applyPatch({
      ...live,
      config: value,
      type,
      gvk,
      manager,
      force: query.get('force') === 'true',
      now,
    })
    const faults = fieldValidation === 'Strict' ? duplicates.faults : []
    if (faults.length > 0) {
      throw new StatusError({ message: faults.join(), reason: 'BadRequest', code: 400 })
    }
    const object = normalize(applied, type)
    object.metadata.uid ??= 'some'
    if (stored) {
      settleTimes(stored, object)
    }
    return { object, warnings: fieldValidation === 'Warn' ? duplicates.warnings : [] }
  }
  const { object, warnings } =
    request.method === 'PATCH'
      ? patched(stored as KubeObject, { text, mediaType, fieldValidation })
      : decodeBody(text, mediaType, strictness)
  return { object: tracked(stored, object, manager), warnings }
}

function decodeBody(text: string, mediaType: string, options: { gvk: typeof gvk; fieldValidation: FieldValidation }) {
  const { value, duplicates } = parseBody(text, mediaType, 'ConfigMap')
  return decode(value, type, { ...options, duplicates })
}

interface PatchRequest {
  text: string
  mediaType: string
  fieldValidation: FieldValidation
}

function patched(stored: KubeObject, { text, mediaType, fieldValidation }: PatchRequest) {
  const patch = parsePatch(text, mediaType)
  const target = stored as unknown as JsonObject
  const result: Json =
    mediaType === 'application/json-patch+json'
      ? patchJson(target, patch)
      : mediaType === 'application/merge-patch+json'
        ? patchMerge(target, patch)
        : patchStrategic(target, patch as JsonObject, type)
  const shown = mediaType.startsWith('application/strategic') ? goFormat(patch) : toSortedJson(result)
  return decodePatched(result, type, { gvk, fieldValidation, shown })
}

function tracked(stored: KubeObject | undefined, sent: KubeObject, manager: string): KubeObject {
  const { uid, creationTimestamp, namespace, generation: _, ...metadata } = { ...sent.metadata, ...stored?.metadata }
  const object = {
    ...sent,
    metadata: { ...metadata, ...sent.metadata, uid: uid ?? 'some', creationTimestamp, namespace },
  } as KubeObject
  delete object.metadata.generation
  const before = stored && { before: stored }
  const managedFields = trackUpdate({ ...before, after: object, type, gvk, manager, now })
  delete object.metadata.managedFields
  if (managedFields) {
    object.metadata.managedFields = managedFields
  }
  if (stored) {
    settleTimes(stored, object)
  }
  return object
}

/** What does not depend on when and where it was recorded. */
function stable(object: KubeObject): unknown {
  const { uid: _, resourceVersion: __, creationTimestamp: ___, namespace: ____, ...metadata } = object.metadata ?? {}
  const managedFields = metadata.managedFields?.map((entry) => ({ ...entry, ...(entry.time && { time: 'then' }) }))
  return JSON.parse(JSON.stringify({ ...object, metadata: { ...metadata, managedFields } }))
}

function objectPath(path: string, body: unknown): string {
  const [collection = ''] = path.split('?')
  const name = (body as { metadata?: { name?: string } } | undefined)?.metadata?.name
  return /configmaps$/.test(collection) && name ? `${collection}/${name}` : collection
}

describe.each([
  'apply-basic',
  'apply-conflict',
  'apply-over-client-side',
  'patch-json',
  'patch-merge',
  'field-validation',
  'yaml-bodies',
])('the recorded steps of %s', (trace) => {
  const url = new URL(`../fixtures/traces/${trace}.json`, import.meta.url)
  const { steps, volatile } = JSON.parse(readFileSync(url, 'utf8')) as { steps: Step[]; volatile: string[] }
  const store = new Map<string, KubeObject>()
  const concerned = steps.filter(
    ({ request, response }) =>
      request.path.includes('/configmaps') &&
      request.method !== 'GET' &&
      !elsewhere.test(typeof response.body === 'string' ? response.body : String(response.body?.message ?? '')),
  )

  test.each(concerned.map((step, index) => [step.name, step, index] as const))('%s', (_, step) => {
    const { request, response } = step
    const path = objectPath(request.path, typeof request.body === 'object' ? request.body : response.body)
    if (request.method === 'DELETE') {
      store.delete(path)
      return
    }
    const outcome = attempt(() => run(store.get(path), step))
    if (response.status >= 400) {
      const place = `$.steps[${steps.indexOf(step)}].response.body`
      const fixed = (status: unknown) => withoutTexts(status, volatile.includes(`${place}.message`))
      expect(fixed(outcome.status)).toEqual(fixed(response.body))
      return
    }
    expect(outcome.status).toBeUndefined()
    const { object, warnings } = outcome.result as { object: KubeObject; warnings: string[] }
    const recorded = response.body as unknown as KubeObject
    expect(pick(stable(object), response.partial ? stable(recorded) : undefined)).toEqual(stable(recorded))
    expect(warnings.map((text) => `299 - ${JSON.stringify(text)}`)).toEqual([response.headers?.warning ?? []].flat())
    if (!new URL(request.path, 'http://sandbox').searchParams.has('dryRun')) {
      store.set(path, object)
    }
  })
})

/** A text that holds times and versions is compared without them, one in no fixed order by its first words. */
function withoutTexts(status: unknown, volatile: boolean): unknown {
  if (!volatile) {
    return status
  }
  const texts = (value: string) =>
    value.replace(/(patch: )?Invalid value: .*": /s, '').replace(/(Kind=ConfigMap\)).*/s, '$1')
  return JSON.parse(JSON.stringify(status), (key, value) => (key === 'message' ? texts(value as string) : value))
}

function attempt<T>(action: () => T): { result?: T; status?: unknown } {
  try {
    return { result: action() }
  } catch (error) {
    if (error instanceof StatusError) {
      return { status: JSON.parse(JSON.stringify(error.status)) }
    }
    throw error
  }
}

/** The part of `value` that `like` has too. */
function pick(value: unknown, like: unknown): unknown {
  if (like === undefined || typeof like !== 'object' || like === null || Array.isArray(like)) {
    return value
  }
  const members = Object.keys(like).map((key) => [
    key,
    pick((value as Record<string, unknown>)[key], key === 'data' ? undefined : (like as Record<string, unknown>)[key]),
  ])
  return Object.fromEntries(members.filter(([, member]) => member !== undefined))
}

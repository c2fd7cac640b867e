/** The local comparison held against every recorded server-side apply whose state before and after is known in full. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contentHash } from '../model/content-hash.ts'
import type { KubeObject, ManagedFieldsEntry } from '../model/index.ts'
import { fieldDrifts } from './field-drifts.ts'
import { matchesLocally } from './match-locally.ts'
import { normalise } from './normalise.ts'

interface Step {
  name: string
  request: { method: string; path: string; headers?: Record<string, string>; body?: unknown }
  response: { status: number; body?: unknown; partial?: boolean }
}

interface Applied {
  name: string
  manager: string
  config: KubeObject
  before: KubeObject
  after: KubeObject
}

const folder = new URL('../sandbox/fixtures/traces/', import.meta.url)

function isObject(value: unknown): value is KubeObject {
  return (
    typeof value === 'object' && value !== null && 'metadata' in value && 'kind' in value && value.kind !== 'Status'
  )
}

/** Applies to an object whose last answer was recorded in full, and that were answered in full. */
function recordedApplies(file: string): Applied[] {
  const { steps } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { steps: Step[] }
  const states = new Map<string, KubeObject>()
  return steps.flatMap(({ name, request, response }) => {
    const url = new URL(request.path, 'http://server')
    const before = states.get(url.pathname)
    const { body } = response
    if (request.method === 'GET' || response.status >= 300) return []
    if (response.partial || !isObject(body)) {
      states.delete(url.pathname)
      return []
    }
    const isDryRun = url.searchParams.has('dryRun')
    const path = request.method === 'POST' ? `${url.pathname}/${body.metadata.name}` : url.pathname
    if (!isDryRun) states.set(path, body)
    const isApply = request.headers?.['content-type'] === 'application/apply-patch+yaml'
    if (!isApply || !before || !isObject(request.body)) return []
    const manager = url.searchParams.get('fieldManager') ?? ''
    return [{ name: `${file}: ${name}`, manager, config: request.body, before, after: body }]
  })
}

const applies = readdirSync(folder).flatMap(recordedApplies)

function ownedBy(manager: string, entries: ManagedFieldsEntry[] = []) {
  return entries.find((entry) => entry.manager === manager && entry.operation === 'Apply')?.fieldsV1
}

test('there are recordings to hold it against', () => {
  expect(applies.length).toBeGreaterThan(10)
})

test.each(applies)('$name', ({ config, manager, before, after }) => {
  const changes = contentHash(after) !== contentHash(before)
  const owned = ownedBy(manager, before.metadata.managedFields)
  if (changes) expect(matchesLocally(normalise(config), before, owned)).toBe(false)
  const drifts = fieldDrifts({ desired: config, live: before, predicted: after, includeMutations: true })
  expect(drifts.length > 0).toBe(changes)
})

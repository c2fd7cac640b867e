import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Json, JsonObject, KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { applyPatch } from './apply.ts'
import { customType } from './custom-type.ts'
import { normalize } from './decode.ts'
import { trackUpdate } from './managed-fields.ts'
import { settleTimes } from './settle-times.ts'
import { isEmpty } from './shape.ts'

const gvk = { group: 'example.com', version: 'v1', kind: 'Gadget' }
const scalar = { type: 'string' }
const type = customType({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        name: scalar,
        size: { type: 'integer' },
        labels: { type: 'object', additionalProperties: scalar },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: scalar },
        steps: { type: 'array', items: scalar },
        atom: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: scalar },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['id'],
          items: {
            type: 'object',
            properties: { id: scalar, n: { type: 'integer' }, extra: { type: 'object', additionalProperties: scalar } },
          },
        },
      },
    },
  },
})

const word = fc.constantFrom('a', 'b', 'c', 'd')
const words = fc.dictionary(word, word, { maxKeys: 3 })
const number = fc.integer({ min: 0, max: 3 })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const part = fc.record({ n: maybe(number), extra: maybe(words) })
const spec = fc
  .record({
    name: maybe(word),
    size: maybe(number),
    labels: maybe(words),
    tags: maybe(fc.uniqueArray(word, { maxLength: 3 })),
    steps: maybe(fc.array(word, { maxLength: 3 })),
    atom: maybe(words),
    parts: maybe(
      fc
        .uniqueArray(fc.tuple(word, part), { selector: ([id]) => id, maxLength: 3 })
        .map((items) => items.map(([id, rest]) => ({ id, ...rest }))),
    ),
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject)

interface Apply {
  manager?: string
  force?: boolean
  at?: string
}

function apply(live: KubeObject | undefined, wanted: JsonObject, { manager = 'alpha', force, at }: Apply = {}) {
  const config = { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'g' }, spec: wanted }
  const now = new Date(at ?? '2026-01-01T00:00:00Z')
  const applied = applyPatch({ ...(live && { live }), config, type, gvk, manager, ...(force && { force }), now })
  const object = normalize(applied, type)
  object.metadata.uid = 'u'
  if (live) {
    settleTimes(live, object)
  }
  return object
}

/** Containers that lost all they had stay as nulls or empty, and lists of named items may come in another order. */
function essence(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) {
    const items = value.map(essence) as Json[]
    return items.some((item) => typeof item === 'object')
      ? [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : [...items]
  }
  if (typeof value !== 'object' || value === null) {
    return value
  }
  const members = Object.entries(value).map(([key, member]) => [key, key === 'tags' ? sorted(member) : essence(member)])
  return Object.fromEntries(
    members
      .filter(([, member]) => !isEmpty(member as Json))
      .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
  )
}

function sorted(value: Json | undefined): Json {
  return Array.isArray(value) ? [...value].sort() : null
}

function specOf(object: KubeObject): Json | undefined {
  return essence((object as unknown as JsonObject).spec)
}

/** The items of the named lists in the order of their ids. */
function ids({ spec: of }: KubeObject): Json {
  return ((of as JsonObject | undefined)?.parts as JsonObject[] | undefined)?.map(({ id }) => id as Json) ?? []
}

describe('apply', () => {
  test('the same configuration again changes nothing, not even the time', () => {
    fc.assert(
      fc.property(spec, (wanted) => {
        const once = apply(undefined, wanted)
        expect(apply(once, wanted, { at: '2026-02-02T00:00:00Z' })).toEqual(once)
      }),
    )
  })

  test('a sole applier gets what it applied last, whatever it applied before', () => {
    fc.assert(
      fc.property(spec, spec, (before, wanted) => {
        const object = apply(apply(undefined, before), wanted)
        const fresh = apply(undefined, wanted)
        expect(specOf(object)).toEqual(specOf(fresh))
        expect(ids(object)).toEqual(ids(fresh))
        expect(object.metadata.managedFields).toEqual(fresh.metadata.managedFields)
      }),
    )
  })

  test('two appliers who agree leave each what the other still wants', () => {
    fc.assert(
      fc.property(spec, spec, (mine, wanted) => {
        const both = apply(apply(undefined, wanted), wanted, { manager: 'beta' })
        const left = apply(both, mine, { manager: 'beta', force: true })
        const again = apply(left, wanted, { force: true })
        expect(specOf(apply(again, {}, { manager: 'beta' }))).toEqual(specOf(apply(undefined, wanted)))
      }),
    )
  })

  test('force is needed exactly when a value of another manager would change', () => {
    fc.assert(
      fc.property(words, words, (mine, theirs) => {
        const live = apply(undefined, { labels: mine })
        const changed = Object.keys(theirs).filter((key) => key in mine && mine[key] !== theirs[key])
        const fields = conflicts(() => apply(live, { labels: theirs }, { manager: 'beta' }))
        expect(fields).toEqual(changed.sort().map((key) => `.spec.labels.${key}`))
        const forced = apply(live, { labels: theirs }, { manager: 'beta', force: true })
        expect(forced).toMatchObject({ spec: { labels: { ...mine, ...theirs } } })
      }),
    )
  })

  test('neither the live object nor the configuration is changed', () => {
    fc.assert(
      fc.property(spec, spec, (before, wanted) => {
        const live = apply(undefined, before)
        const copies = structuredClone([live, wanted])
        apply(live, wanted, { manager: 'beta', force: true })
        expect([live, wanted]).toEqual(copies)
      }),
    )
  })
})

function conflicts(action: () => unknown): string[] {
  try {
    action()
    return []
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 409) {
      return error.status.details?.causes?.map(({ field }) => field ?? '') ?? []
    }
    throw error
  }
}

test('once a map has become atomic its applier owns it whole, and others conflict on it', () => {
  const schema = (atomic: boolean) =>
    customType({
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            labels: {
              type: 'object',
              additionalProperties: scalar,
              ...(atomic && { 'x-kubernetes-map-type': 'atomic' }),
            },
          },
        },
      },
    })
  const config = (labels: JsonObject) => ({
    apiVersion: 'example.com/v1',
    kind: 'Gadget',
    metadata: {},
    spec: { labels },
  })
  const now = new Date('2026-01-01T00:00:00Z')
  const live = applyPatch({ config: config({ a: '1' }), type: schema(false), gvk, manager: 'alpha', now })
  const beta = () => applyPatch({ live, config: config({ b: '1' }), type: schema(true), gvk, manager: 'beta', now })
  expect(conflicts(beta)).toEqual(['.spec.labels'])
})

describe('updates', () => {
  const update = (before: KubeObject | undefined, wanted: JsonObject, manager: string, at: string) => {
    const after = {
      apiVersion: 'example.com/v1',
      kind: 'Gadget',
      metadata: { name: 'g', uid: 'u' },
      spec: wanted,
    } as KubeObject
    const entries = trackUpdate({ ...(before && { before }), after, type, gvk, manager, now: new Date(at) })
    return { ...after, metadata: { ...after.metadata, ...(entries && { managedFields: entries }) } } as KubeObject
  }

  test('an updater takes what it changes, and an applier loses it', () => {
    const applied = apply(undefined, { name: 'a', size: 1 })
    const updated = update(applied, { name: 'a', size: 2 }, 'hand', '2026-01-02T00:00:00Z')
    expect(updated.metadata.managedFields).toMatchObject([
      { manager: 'alpha', fieldsV1: { 'f:spec': { 'f:name': {} } } },
      { manager: 'hand', operation: 'Update', fieldsV1: { 'f:spec': { 'f:size': {} } } },
    ])
  })

  test('of more than ten updaters the oldest become one', () => {
    let object = update(undefined, { labels: { m0: '0' } }, 'm0', '2026-01-01T00:00:00Z')
    const labels: JsonObject = { m0: '0' }
    for (let index = 1; index <= 11; index++) {
      labels[`m${index}`] = '0'
      object = update(
        object,
        { labels: { ...labels } },
        `m${index}`,
        `2026-01-01T00:00:${String(index).padStart(2, '0')}Z`,
      )
    }
    const managers = object.metadata.managedFields?.map(({ manager }) => manager)
    expect(managers).toHaveLength(10)
    expect(managers).toContain('ancient-changes')
    expect(managers).not.toContain('m1')
  })
})

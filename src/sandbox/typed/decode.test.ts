import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

import type { Json, JsonObject, KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { parseBody } from './body.ts'
import { builtinType } from './builtin-type.ts'
import { customType } from './custom-type.ts'
import { decode, normalize } from './decode.ts'
import type { Type } from './type.ts'

const traces = new URL('../fixtures/traces/', import.meta.url)

/** Every whole object of a built-in kind in the recorded answers. */
function* recordedObjects(): Generator<KubeObject> {
  for (const file of readdirSync(traces)) {
    const { steps } = JSON.parse(readFileSync(new URL(file, traces), 'utf8'))
    for (const { response } of steps) {
      if (!response.partial) {
        yield* objectsIn(response.body ?? response.stream)
      }
    }
  }
}

function* objectsIn(value: Json): Generator<KubeObject> {
  if (typeof value !== 'object' || value === null) {
    return
  }
  const { apiVersion, kind, metadata } = value as JsonObject
  // Of some lists only the names of the items were recorded.
  if (typeof apiVersion === 'string' && typeof kind === 'string' && metadata && !kind.endsWith('List')) {
    yield value as unknown as KubeObject
  } else {
    for (const member of Object.values(value)) {
      yield* objectsIn(member as Json)
    }
  }
}

function typeOfObject({ apiVersion, kind }: KubeObject): Type | undefined {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  return builtinType({ group, version, kind })
}

function decodeAs(kind: string, body: JsonObject, apiVersion = 'v1') {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const gvk = { group, version, kind }
  const { value, duplicates } = parseBody(JSON.stringify({ apiVersion, kind, ...body }), 'application/json', kind)
  return decode(value, builtinType(gvk) as Type, { gvk, fieldValidation: 'Strict', duplicates })
}

function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof StatusError) {
      return error.message
    }
    throw error
  }
  return 'not refused'
}

test('an object that the server wrote is in the form of its kind already', () => {
  let count = 0
  for (const object of recordedObjects()) {
    const type = object.kind === 'Status' ? undefined : typeOfObject(object)
    if (type) {
      count++
      expect(JSON.parse(JSON.stringify(normalize(object, type)))).toEqual(object)
    }
  }
  expect(count).toBeGreaterThan(150)
})

describe('what Go does not write', () => {
  test('an optional zero is dropped, a pointer to zero is kept', () => {
    const { object } = decodeAs('Deployment', { spec: { replicas: 0, minReadySeconds: 0, paused: false } }, 'apps/v1')
    expect(object.spec).toMatchObject({ replicas: 0 })
    expect(object.spec).not.toHaveProperty('minReadySeconds')
    expect(object.spec).not.toHaveProperty('paused')
  })

  test('null in a map of strings is the empty string', () => {
    expect(decodeAs('ConfigMap', { data: { a: null } }).object.data).toEqual({ a: '' })
  })

  test('a struct is written even when it is empty, and a list that is not optional as null', () => {
    expect(decodeAs('Role', {}, 'rbac.authorization.k8s.io/v1').object.rules).toBeNull()
    expect(decodeAs('Pod', { spec: { containers: [{ name: 'c' }] } }).object).toMatchObject({
      spec: { containers: [{ name: 'c', resources: {} }] },
      status: {},
    })
  })

  test('times are written in UTC to their own precision', () => {
    const { object } = decodeAs(
      'Lease',
      {
        metadata: { creationTimestamp: '2026-01-01T02:00:00.5+02:00' },
        spec: { renewTime: '2026-01-01T00:00:00.123456Z' },
      },
      'coordination.k8s.io/v1',
    )
    expect(object.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z')
    expect(object.spec).toEqual({ renewTime: '2026-01-01T00:00:00.123456Z' })
  })
})

describe('values that their type cannot hold', () => {
  test.each([
    [
      { spec: { replicas: 3_000_000_000 } },
      'number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [{ spec: { paused: 'no' } }, 'string into Go struct field DeploymentSpec.spec.paused of type bool'],
    [{ spec: [] }, 'array into Go struct field Deployment.spec of type v1.DeploymentSpec'],
    [{ metadata: { finalizers: [1] } }, 'number into Go struct field ObjectMeta.metadata.finalizers of type string'],
    [
      { metadata: { labels: ['x'] } },
      'array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    [
      { spec: { template: { spec: { containers: [{ name: 'c', imagePullPolicy: 5 }] } } } },
      'number into Go struct field Container.spec.template.spec.containers.imagePullPolicy of type v1.PullPolicy',
    ],
    [
      { spec: { strategy: { rollingUpdate: { maxSurge: true } } } },
      'bool into Go struct field RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge of type int32',
    ],
  ])('%j', (body, problem) => {
    expect(refusal(() => decodeAs('Deployment', body, 'apps/v1'))).toBe(
      `Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal ${problem}`,
    )
  })

  test.each([
    ['soon', 'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"'],
    ['2026-02-30T00:00:00Z', 'parsing time "2026-02-30T00:00:00Z": day out of range'],
    ['2026-01-01T00:00:00Zx', 'parsing time "2026-01-01T00:00:00Zx": extra text: "x"'],
  ])('the time %s', (creationTimestamp, problem) => {
    expect(refusal(() => decodeAs('ConfigMap', { metadata: { creationTimestamp } }))).toContain(`: ${problem}`)
  })
})

describe('custom resources', () => {
  const gvk = { group: 'example.com', version: 'v1', kind: 'Gadget' }
  const type = customType({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          size: { type: 'integer' },
          free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    },
  })
  const gadget = (spec: JsonObject) => ({ apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'a' }, spec })

  test('undeclared fields are left to the schema, in metadata too', () => {
    const body = { ...gadget({ size: 1, extra: 2, free: { any: [1] } }), metadata: { name: 'a', colour: 'red' } }
    const { object, warnings } = decode(body, type, { gvk, fieldValidation: 'Strict' })
    expect(object).toEqual(body)
    expect(warnings).toEqual([])
  })

  test('metadata of a wrong type is refused', () => {
    const body = { ...gadget({}), metadata: { name: 'a', labels: { a: 1 } } }
    expect(refusal(() => decode(body, type, { gvk, fieldValidation: 'Ignore' }))).toBe(
      'Gadget in version "v1" cannot be handled as a Gadget: ' +
        'json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    )
  })

  test('nulls, zeros and values of a wrong type are left to the schema', () => {
    const { object } = decode(gadget({ size: 'x', free: null }), type, { gvk, fieldValidation: 'Strict' })
    expect(object.spec).toEqual({ size: 'x', free: null })
  })
})

test('an integer beyond 2^53 survives', () => {
  const text = '{"apiVersion":"v1","kind":"Pod","spec":{"activeDeadlineSeconds":9007199254740993}}'
  const gvk = { group: '', version: 'v1', kind: 'Pod' }
  const { object } = decode(parseBody(text, 'application/json', 'Pod').value, builtinType(gvk) as Type, {
    gvk,
    fieldValidation: 'Strict',
  })
  expect(object.spec).toMatchObject({ activeDeadlineSeconds: 9007199254740993n })
})

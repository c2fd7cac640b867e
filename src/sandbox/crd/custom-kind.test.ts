import { expect, test } from 'vitest'
import type { KubeObject } from '../object.ts'
import { customKind } from './custom-kind.ts'
import { customVersion, decodeCustomResource } from './custom-version.ts'
import type { CustomResourceDefinition, JsonSchema } from './schema.ts'

function definitionOf(spec: JsonSchema): CustomResourceDefinition {
  const openAPIV3Schema: JsonSchema = { type: 'object', properties: { spec } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'trials.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'trials', kind: 'Trial' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  }
}

function trial(spec: unknown): KubeObject {
  return { apiVersion: 'example.com/v1', kind: 'Trial', metadata: { name: 'a' }, spec }
}

/** Texts of the faults of a new object, or of the change from `old`. */
function faultsOf(schema: JsonSchema, spec: unknown, old?: unknown): string[] {
  const custom = customVersion(definitionOf(schema), 'v1')
  if (!custom) throw new Error('the definition has no v1')
  const kind = customKind(custom)
  const read = (body: unknown) => decodeCustomResource(custom, trial(body), { fieldValidation: 'Ignore' }).object
  const faults = old === undefined ? kind.validate?.(read(spec)) : kind.validateUpdate?.(read(spec), read(old))
  return (faults ?? []).map(({ field, message }) => `${field}: ${message}`)
}

function object(properties: Record<string, JsonSchema>, more: JsonSchema = {}): JsonSchema {
  return { type: 'object', properties, ...more }
}

test.each<[format: string, good: string, bad: string]>([
  ['date', '2024-02-29', '2024-02-30'],
  ['date-time', '2024-01-01T00:00:00.5+01:00', '2024-01-01T25:00:00Z'],
  ['duration', '1h30m', '5'],
  ['ipv4', '1.2.3.4', '1.2.3'],
  ['ipv6', '::1', '1.2.3.4'],
  ['cidr', '10.0.0.0/8', '1.2.3.4/33'],
  ['uuid', '123e4567-e89b-12d3-a456-426614174000', 'x'],
  ['email', 'a@b', 'a'],
  ['hostname', 'a.bc', '-a'],
  ['byte', 'YQ==', 'YQ'],
])('a string of the format %s may be %s but not %s', (format, good, bad) => {
  const schema = object({ a: { type: 'string', format } })
  expect(faultsOf(schema, { a: good })).toEqual([])
  expect(faultsOf(schema, { a: bad })).toEqual([
    `spec.a: Invalid value: "${bad}": spec.a in body must be of type ${format}: "${bad}"`,
  ])
})

test('of several schemas the closest is reported, and that none fits', () => {
  const schema = object(
    { a: { type: 'string' }, b: { type: 'string' } },
    { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
  )
  expect(faultsOf(schema, { a: 'x' })).toEqual([])
  expect(faultsOf(schema, { a: 'x', b: 'y' })).toEqual([
    '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives',
  ])
})

test('what was invalid before may stay as it is, while the rest changes', () => {
  const schema = object({
    short: { type: 'string', maxLength: 1 },
    other: { type: 'integer' },
    ruled: { type: 'string', maxLength: 9, 'x-kubernetes-validations': [{ rule: 'self == "x"', message: 'only x' }] },
  })
  const old = { short: 'too long', ruled: 'y', other: 1 }
  expect(faultsOf(schema, { ...old, other: 2 }, old)).toEqual([])
  expect(faultsOf(schema, { ...old, ruled: 'z' }, old)).toEqual(['spec.ruled: Invalid value: "z": only x'])
  expect(faultsOf(schema, { ...old, short: 'new' }, old)[0]).toBe('spec.short: Too long: may not be more than 1 byte')
})

test('items of a keyed list are compared with what they were, wherever they stand', () => {
  const value: JsonSchema = {
    type: 'integer',
    'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'never down' }],
  }
  const items = object({ key: { type: 'string' }, value })
  const list: JsonSchema = {
    type: 'array',
    items,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['key'],
  }
  const schema = object({ list })
  const old = {
    list: [
      { key: 'a', value: 5 },
      { key: 'b', value: 1 },
    ],
  }
  expect(
    faultsOf(
      schema,
      {
        list: [
          { key: 'b', value: 3 },
          { key: 'a', value: 5 },
        ],
      },
      old,
    ),
  ).toEqual([])
  expect(
    faultsOf(
      schema,
      {
        list: [
          { key: 'b', value: 3 },
          { key: 'a', value: 4 },
        ],
      },
      old,
    ),
  ).toEqual(['spec.list[1].value: Invalid value: 4: never down'])
})

test('a rule tells its own message, reason and field', () => {
  const rule = {
    rule: 'self.low <= self.high',
    messageExpression: 'string(self.low) + " is above " + string(self.high)',
    reason: 'FieldValueForbidden',
    fieldPath: '.low',
  }
  const integer: JsonSchema = { type: 'integer' }
  const schema = object({ low: integer, high: integer }, { 'x-kubernetes-validations': [rule] })
  expect(faultsOf(schema, { low: 5, high: 4 })).toEqual(['spec.low: Forbidden: 5 is above 4'])
})

test('a rule with an optional oldSelf runs on create, too', () => {
  const rule = { rule: 'oldSelf.orValue("open") == "open"', optionalOldSelf: true, message: 'closed' }
  const schema = object({ a: { type: 'string', 'x-kubernetes-validations': [rule] } })
  expect(faultsOf(schema, { a: 'x' })).toEqual([])
  expect(faultsOf(schema, { a: 'x' }, { a: 'shut' })).toEqual(['spec.a: Invalid value: "x": closed'])
})

test('a rule that would take too long is not run', () => {
  const rule = { rule: 'self.all(a, self.all(b, self.all(c, a + b + c >= 0)))' }
  const list: JsonSchema = { type: 'array', items: { type: 'integer' }, 'x-kubernetes-validations': [rule] }
  const [fault] = faultsOf(object({ list }), { list: Array.from({ length: 1000 }, (_, index) => index) })
  expect(fault).toContain('call cost exceeds limit')
})

test('an error while a rule is evaluated refuses the object', () => {
  const list: JsonSchema = {
    type: 'array',
    items: { type: 'integer' },
    'x-kubernetes-validations': [{ rule: 'self[3] == 1' }],
  }
  expect(faultsOf(object({ list }), { list: [1] })).toEqual([
    'spec.list: Invalid value: "array": index out of bounds: 3 evaluating rule: self[3] == 1',
  ])
})

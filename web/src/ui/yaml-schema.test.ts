import { describe, expect, test } from 'vitest'
import type { JsonSchema } from './json-schema.ts'
import { completeYaml } from './yaml-completion.ts'
import { yamlProblems } from './yaml-problems.ts'

const schema: JsonSchema & { definitions: Record<string, JsonSchema> } = {
  type: 'object',
  required: ['kind', 'spec'],
  properties: {
    kind: { type: 'string', enum: ['Deployment', 'Job'] },
    metadata: {
      type: 'object',
      properties: {
        name: { type: 'string', pattern: '^[a-z-]+$' },
        labels: { additionalProperties: { type: 'string' } },
      },
    },
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', minimum: 0, maximum: 10, description: 'How many Pods' },
        paused: { type: 'boolean' },
        maxSurge: { 'x-kubernetes-int-or-string': true },
        containers: { type: 'array', items: { $ref: '#/definitions/container' } },
        anything: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  },
  definitions: {
    container: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string' },
        image: { type: 'string' },
        pull: { anyOf: [{ enum: ['Always', 'Never'] }, { type: 'integer' }] },
        ports: { type: 'array', items: { properties: { port: { type: 'integer' } } } },
      },
    },
  },
}

/** `|` is where the cursor is. */
function labels(text: string): string[] {
  return completeYaml(text.replace('|', ''), text.indexOf('|'), schema)?.choices.map(({ label }) => label) ?? []
}

describe('completion', () => {
  test('names the fields that are not yet there, those first that are needed', () => {
    expect(labels('|')).toEqual(['kind', 'spec', 'metadata'])
    expect(labels('kind: Job\nmet|\nspec: {}')).toEqual(['metadata'])
    expect(labels('spec:\n  paused: true\n  rep|\n  replicas: 1\n')).toEqual(['maxSurge', 'containers', 'anything'])
  })

  test('knows in which item of a list it is, indented or not', () => {
    for (const indent of ['', '  ']) {
      const list = `spec:\n  containers:\n  ${indent}- name: a\n    ${indent}image: b\n  ${indent}- `
      expect(labels(`${list}|`)).toEqual(['name', 'image', 'pull', 'ports'])
      expect(labels(`${list}name: x\n    ${indent}im|`)).toEqual(['image', 'pull', 'ports'])
      expect(labels(`${list}ports:\n    ${indent}- po|`)).toEqual(['port'])
    }
  })

  test('says what a value may be', () => {
    expect(labels('kind: |')).toEqual(['Deployment', 'Job'])
    expect(labels('kind: De|')).toEqual(['Deployment', 'Job'])
    expect(labels('spec:\n  paused: |')).toEqual(['true', 'false'])
    expect(labels('spec:\n  containers:\n  - pull: |')).toEqual(['Always', 'Never'])
  })

  test('writes what a field is followed by', () => {
    const [container] =
      completeYaml('spec:\n  con', 11, schema)?.choices.filter(({ label }) => label === 'containers') ?? []
    expect(container?.insert).toBe('containers:\n    - ')
  })

  test('has nothing to say in a place that the schema does not know', () => {
    expect(labels('nowhere:\n  |')).toEqual([])
    expect(labels('kind: Job # |')).toEqual([])
  })
})

function kinds(text: string): string[] {
  return yamlProblems(text, schema).map(({ kind, from, to }) => `${kind}: ${text.slice(from, to)}`)
}

describe('problems', () => {
  test('a text that is no YAML is marked at its line', () => {
    const text = 'kind: Job\nspec:\n  a: b\n bad\n'
    const [problem] = yamlProblems(text)
    expect(problem?.kind).toBe('syntax')
    expect(text.slice(problem?.from, problem?.to)).toBe(' bad')
  })

  test('a sound text has none', () => {
    const text = `kind: Deployment
metadata: { name: web, labels: { any: "1" } }
spec:
  maxSurge: 25%
  anything: { what: [ever] }
  containers:
  - name: web
    pull: 3
`
    expect(yamlProblems(text, schema)).toEqual([])
  })

  test('fields, types, choices, patterns and ranges are held against the schema', () => {
    expect(kinds('kind: Pod\nspecs: 1\nspec:\n  replicas: "3"\n  paused: maybe\n')).toEqual([
      'not one of: Pod',
      'unknown field: specs',
      'wrong type: "3"',
      'wrong type: maybe',
    ])
    expect(kinds('kind: Job\nmetadata:\n  name: UPPER\nspec: { replicas: 11 }\n')).toEqual([
      'pattern: UPPER',
      'range: 11',
    ])
    expect(kinds('kind: Job\n')).toEqual(['missing field: kind'])
    expect(kinds('kind: Job\nspec:\n  containers:\n  - image: x\n    pull: Sometimes\n')).toEqual([
      'missing field: image',
      'not one of: Sometimes',
    ])
  })

  test('a key that is not filled in yet is not wrong', () => {
    expect(kinds('kind: Job\nspec:\n  replicas:\n')).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { parseJsonPath, valuesAt } from './json-path.ts'

const object = {
  spec: { replicas: 3, 'a.b': 'dotted', list: [{ n: 1 }, { n: 2 }] },
  status: {
    conditions: [
      { type: 'Synced', status: 'False' },
      { type: 'Ready', status: 'True' },
    ],
  },
}

test.each<[path: string, values: unknown[]]>([
  ['.spec.replicas', [3]],
  ['.spec.missing.deeper', []],
  ['.spec.list[1].n', [2]],
  ['.spec.list[-1].n', [2]],
  ['.spec.list[*].n', [1, 2]],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  [".status.conditions[?(@.type=='Gone')].status", []],
  ['.spec.list[?(@.n>1)].n', [2]],
  ['.spec.a\\.b', ['dotted']],
  [".spec['a.b']", ['dotted']],
])('%s leads to %j', (path, values) => {
  const steps = parseJsonPath(path)
  expect(steps && valuesAt(object, steps)).toEqual(values)
})

test('what is no path of these forms is not read', () => {
  expect(parseJsonPath('spec.replicas')).toBeUndefined()
  expect(parseJsonPath('.a[')).toBeUndefined()
})

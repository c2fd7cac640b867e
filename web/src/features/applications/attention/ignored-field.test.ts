import { expect, test } from 'vitest'
import { ignoreRule, jqOf } from './ignored-field.ts'

test.each([
  ['spec.replicas', '.spec.replicas'],
  [
    'spec.template.spec.containers[name=web].image',
    '.spec.template.spec.containers[] | select(.name == "web") | .image',
  ],
  [
    'spec.ports[port=80,protocol=TCP].nodePort',
    '.spec.ports[] | select((.port | tostring) == "80" and .protocol == "TCP") | .nodePort',
  ],
  ["metadata.annotations['example.com/a']", '.metadata.annotations["example.com/a"]'],
  ["a[name=x]['b.c']", '.a[] | select(.name == "x") | .["b.c"]'],
  ['data.some-key', '.data["some-key"]'],
  ['spec.args[1]', '.spec.args[1]'],
  ['spec.containers[name=web]', '.spec.containers[] | select(.name == "web")'],
  ['metadata.finalizers[a/b]', undefined],
])('%s is %s', (path, jq) => {
  expect(jqOf(path)).toBe(jq)
})

test('a rule names the object and those of its fields that can be named', () => {
  const resource = {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    drift: [{ path: 'spec.replicas' }],
  }
  expect(ignoreRule(resource as never)).toEqual({
    group: 'apps',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    jqPathExpressions: ['.spec.replicas'],
  })
  expect(ignoreRule({ ...resource, drift: [{ path: 'metadata.finalizers[a/b]' }] } as never)).toBeUndefined()
})

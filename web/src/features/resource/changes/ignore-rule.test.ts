import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { ignoreRule } from './ignore-rule.ts'

const address = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }
const live = {
  spec: {
    template: {
      spec: {
        containers: [
          { name: 'web', args: ['a', 'b'], ports: [{ containerPort: 80, protocol: 'TCP', name: 'http' }] },
          { name: '8080' },
        ],
      },
    },
  },
  metadata: { finalizers: ['example.com/wait'] },
}

function rule(path: string): unknown {
  return load(ignoreRule(address, path, [live]))
}

test('a field that is named all the way is ignored by its JSON pointer', () => {
  expect(rule('spec.replicas')).toEqual([
    { group: 'apps', kind: 'Deployment', name: 'web', namespace: 'shop', jsonPointers: ['/spec/replicas'] },
  ])
  expect(rule("metadata.annotations['example.com/a~b']")).toMatchObject([
    { jsonPointers: ['/metadata/annotations/example.com~1a~0b'] },
  ])
  expect(rule('spec.args[1]')).toMatchObject([{ jsonPointers: ['/spec/args/1'] }])
})

test('an item of a list is told by its keys, in jq, each value of its own type', () => {
  const container = '.spec.template.spec.containers[] | select(.name == "web")'
  expect(rule('spec.template.spec.containers[name=web].image')).toMatchObject([
    { jqPathExpressions: [`${container}.image`] },
  ])
  expect(rule('spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP].name')).toMatchObject([
    { jqPathExpressions: [`${container}.ports[] | select(.containerPort == 80 and .protocol == "TCP").name`] },
  ])
  expect(rule('spec.template.spec.containers[name=8080].image')).toMatchObject([
    { jqPathExpressions: ['.spec.template.spec.containers[] | select(.name == "8080").image'] },
  ])
  expect(rule('spec.template.spec.containers[name=web].args[1]')).toMatchObject([
    { jqPathExpressions: [`${container}.args[1]`] },
  ])
})

test('a member of a set is told by itself, and a name that jq cannot read stands in quotes', () => {
  expect(rule('metadata.finalizers[example.com/wait]')).toMatchObject([
    { jqPathExpressions: ['.metadata.finalizers[] | select(. == "example.com/wait")'] },
  ])
  expect(rule("spec.containers[name=a].env['x.y']")).toMatchObject([
    { jqPathExpressions: ['.spec.containers[] | select(.name == "a").env["x.y"]'] },
  ])
})

test('without group and namespace there are none in the rule', () => {
  expect(
    load(ignoreRule({ group: '', kind: 'Namespace', namespace: '', name: 'shop' }, 'metadata.labels.a', [])),
  ).toEqual([{ kind: 'Namespace', name: 'shop', jsonPointers: ['/metadata/labels/a'] }])
})

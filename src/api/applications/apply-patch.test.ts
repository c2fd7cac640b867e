import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { patchedApplication } from './apply-patch.ts'

const application: Application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', namespace: 'argocd', annotations: { 'a/b': 'secret-note' } },
  spec: { project: 'default', destination: { name: 'in-cluster' }, revisionHistoryLimit: 3 },
}

test.each(['', 'json'])('%j: a JSON patch, also of a number that JavaScript cannot hold', (type) => {
  const patch =
    '[{"op":"test","path":"/spec/project","value":"default"},{"op":"replace","path":"/spec/revisionHistoryLimit","value":9007199254740993}]'
  expect(patchedApplication(application, patch, type).spec.revisionHistoryLimit).toBe(9007199254740993n)
  expect(application.spec.revisionHistoryLimit).toBe(3)
})

test('a merge patch takes away what is null', () => {
  const { spec } = patchedApplication(application, '{"spec":{"revisionHistoryLimit":null,"project":"x"}}', 'merge')
  expect(spec).toEqual({ project: 'x', destination: { name: 'in-cluster' } })
})

test.each([
  ['strategic', '{}', /Patch type 'strategic' is not supported: use json or merge/],
  ['constructor', '{}', /Patch type/],
  ['merge', '{', /the patch is not JSON/],
  ['json', '{}', /list of operations/],
  ['json', '[{"op":"remove","path":"/spec/none"}]', /cannot be applied: OPERATION_PATH_UNRESOLVABLE in operation 0/],
  [
    'json',
    '[{"op":"test","path":"/spec/project","value":"x"}]',
    /cannot be applied: TEST_OPERATION_FAILED in operation 0/,
  ],
  ['json', '[{"op":"add","path":"/__proto__/x","value":1}]', /cannot be applied/],
  ['json', '[null]', /cannot be applied/],
  ['merge', '{"metadata":{"name":"other"}}', /must leave the name/],
  ['json', '[{"op":"replace","path":"/metadata/namespace","value":"x"}]', /must leave the name/],
  ['merge', '{"spec":null}', /must leave the name/],
  ['json', '[{"op":"replace","path":"","value":null}]', /must leave the name/],
])('%s %s is refused, and the document is not repeated', (type, patch, message) => {
  expect(() => patchedApplication(application, patch, type)).toThrow(message)
  expect(() => patchedApplication(application, patch, type)).not.toThrow(/secret-note/)
})

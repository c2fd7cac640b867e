import { expect, test } from 'vitest'
import { localManifests } from './local-manifests.ts'

const config = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"n":"1"}}'

test('each manifest is an object, in the place of what the sources render to', () => {
  expect(localManifests({ manifests: [config] })?.manifests).toEqual([{ object: JSON.parse(config) }])
  expect(localManifests({ manifests: [] })).toBeUndefined()
  expect(localManifests({})).toBeUndefined()
})

test.each([
  ['kind: ConfigMap', /manifests\[1\] cannot be used: it is not JSON/],
  ['null', /manifests\[1\] cannot be used: it needs apiVersion/],
  ['{"apiVersion":"v1","kind":"ConfigMap"}', /manifests\[1\] cannot be used: it needs apiVersion/],
])('%s is none', (text, message) => {
  expect(() => localManifests({ manifests: [config, text] })).toThrow(message)
})

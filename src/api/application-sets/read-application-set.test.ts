import { expect, test } from 'vitest'
import { readApplicationSet } from './read-application-set.ts'

const given = (spec: object) => ({ metadata: { name: 'shop', uid: 'u', resourceVersion: '1' }, spec })
const template = { metadata: { name: '{{name}}' }, spec: { project: 'default', destination: { server: '{{server}}' } } }

test('the spec is kept to the letter, null values too, and what only the server writes is left out', () => {
  const generators = [{ list: { elements: [{ a: null }] }, selector: { matchLabels: {} } }]
  const read = readApplicationSet(given({ generators, template }), 'argocd')
  expect(read.spec).toEqual({ generators, template })
  expect(read.metadata).toEqual({ name: 'shop', namespace: 'argocd' })
})

test.each([
  ['no name', { spec: {} }, /metadata.name/],
  ['no generators', given({ template }), /generators/],
  ['an unknown generator', given({ generators: [{ lists: {} }], template }), /is none that is known/],
  ['two generators in one', given({ generators: [{ list: {}, git: {} }], template }), /several at once: list, git/],
  [
    'a project from a template',
    given({ generators: [{ list: {} }], template: { ...template, spec: { project: '{{p}}' } } }),
    /one project/,
  ],
])('%s is refused', (_, sent, message) => {
  expect(() => readApplicationSet(sent, 'argocd')).toThrow(message)
})

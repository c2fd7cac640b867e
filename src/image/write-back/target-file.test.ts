import { expect, test } from 'vitest'
import type { ApplicationSource } from '../../model/index.ts'
import type { NewVersion } from '../parameters.ts'
import { readRules } from '../read-rules.ts'
import type { ImageSettings } from '../rules.ts'
import { changeHelmValues, changeKustomization, changeOverrides } from './target-file.ts'

const digest = `sha256:${'d'.repeat(64)}`
const source: ApplicationSource = { repoURL: 'https://h/x', path: 'web' }

function to(tag: string, settings: Partial<ImageSettings> = {}, digestOf?: string): NewVersion[] {
  const { images } = readRules([{ alias: 'web', image: 'acme/web', ...settings }], {})
  if (!images[0]) throw new Error('no rule')
  return [{ rule: images[0], version: { tag, ...(digestOf && { digest: digestOf }) } }]
}

test('overrides of Helm begin with the parameters of the source, which they hide', () => {
  const helm = { parameters: [{ name: 'replicas', value: '3' }] }
  const change = changeOverrides({ source: { ...source, helm }, type: 'Helm', versions: to('1.10') })
  const text = change(undefined)
  expect(text).toBe(`helm:
  parameters:
    - name: replicas
      value: "3"
    - name: image.name
      value: acme/web
      forceString: true
    - name: image.tag
      value: "1.10"
      forceString: true
`)
  expect(change(text)).toBe(text)
})

test('overrides that are there keep what is said beside, and how it is written', () => {
  const before = `# Who changes this asks the team.
helm:
    parameters:
    - name: image.tag   # by the updater
      value: '1.9'
    - {name: other, value: "x"}


    - name: image.name
      value: acme/web
`
  const text = changeOverrides({ source, type: 'Helm', versions: to('1.10') })(before)
  expect(text).toBe(before.replace("'1.9'", "'1.10'"))
})

test('overrides of Kustomize have the images', () => {
  const change = (tag: string) => changeOverrides({ source, type: 'Kustomize', versions: to(tag) })
  expect(change('1.2')(undefined)).toBe('kustomize:\n  images:\n    - acme/web:1.2\n')
  const before = 'kustomize:\n  images:\n  - other:1\n  - "acme/web:1.1" # by the updater\n'
  expect(change('1.2')(before)).toBe('kustomize:\n  images:\n  - other:1\n  - "acme/web:1.2" # by the updater\n')
  expect(change('1.2')('kustomize:\n  images:\n  - other:1\n')).toBe(
    'kustomize:\n  images:\n  - other:1\n  - acme/web:1.2\n',
  )
})

test('a directory has no overrides for images', () => {
  expect(() => changeOverrides({ source, type: 'Directory', versions: to('1') })(undefined)).toThrow('neither Helm nor')
})

const kustomization = `# The base of all.
resources:
- web.yaml   # the Deployment

images:
# kept by the updater
- name: acme/web
  newTag: "1.1"
- name: placeholder
  newName: acme/api
  newTag: v1
`

test('a Kustomization gets the new tag, and nothing else changes', () => {
  expect(changeKustomization(to('1.10'))(kustomization)).toBe(kustomization.replace('"1.1"', '"1.10"'))
  const api = to('v2', { image: 'acme/api', kustomizeName: 'placeholder' })
  expect(changeKustomization(api)(kustomization)).toBe(kustomization.replace('newTag: v1', 'newTag: v2'))
  expect(changeKustomization(to('1.1'))(kustomization)).toBe(kustomization)
})

test('a Kustomization gets an image that it has not had', () => {
  const versions = to('main', { image: 'ghcr.io/acme/job', kustomizeName: 'job' }, digest)
  const text = changeKustomization(versions)(kustomization)
  expect(text).toContain('# kept by the updater\n')
  expect(text).toContain(`- name: job\n  newName: ghcr.io/acme/job\n  newTag: main\n  digest: ${digest}\n`)
  expect(changeKustomization(versions)(text)).toBe(text)
  expect(changeKustomization(to('1'))('resources: [a.yaml]\n')).toContain('newTag: "1"')
})

test('a digest that is not followed any more is taken out, since Kustomize would prefer it', () => {
  const before = `images:\n- name: acme/web\n  newTag: main # x\n  digest: ${digest}\n`
  expect(changeKustomization(to('v2'))(before)).toBe('images:\n- name: acme/web\n  newTag: v2 # x\n')
})

test('a Kustomization that is not there is not made', () => {
  expect(() => changeKustomization(to('1'))(undefined)).toThrow('there is no kustomization.yaml')
})

const values = `# Values of production
replicas: 3

web:
  image:
    repository: acme/web     # ours
    tag: v1.1                # by the updater
  list:
    - {image: "acme/web:v1.1"}
image.tag: plain
`

test.each<[string, Partial<ImageSettings>, string, (text: string) => string]>([
  [
    'v1.2',
    { helm: { name: 'web.image.repository', tag: 'web.image.tag' } },
    'the tag',
    (text) => text.replace('v1.1  ', 'v1.2  '),
  ],
  [
    '1.10',
    { helm: { tag: 'web.image.tag' } },
    'a tag that looks like a number',
    (text) => text.replace('v1.1  ', '"1.10"  '),
  ],
  ['1e3', { helm: { tag: 'web.image.tag' } }, 'another', (text) => text.replace('v1.1  ', '"1e3"  ')],
  [
    'v1.2',
    { helm: { spec: 'web.list[0].image' } },
    'an element of a list',
    (text) => text.replace('acme/web:v1.1"', 'acme/web:v1.2"'),
  ],
  ['v1.2', {}, 'a key with a dot in it', (text) => text.replace('plain', 'v1.2')],
])('%s into values with %j changes %s alone', (tag, settings, _what, expected) => {
  expect(changeHelmValues(to(tag, settings))(values)).toBe(expected(values))
})

test('values that are not there are added, but for a name that nobody has asked for', () => {
  expect(changeHelmValues(to('v1'))(undefined)).toBe('image:\n  tag: v1\n')
  expect(changeHelmValues(to('v1', { helm: { name: 'a.b', tag: 'a.c' } }))('x: 1 # y\n')).toBe(
    'x: 1 # y\na:\n  b: acme/web\n  c: v1\n',
  )
})

test('a name without its registry stays as it is', () => {
  const before = 'image: {registry: ghcr.io, repository: acme/web, tag: v1}\n'
  const versions = to('v2', { image: 'ghcr.io/acme/web', helm: { name: 'image.repository', tag: 'image.tag' } })
  expect(changeHelmValues(versions)(before)).toBe(before.replace('v1', 'v2'))
})

test.each([
  ['a: 1\n---\nb: 2\n', 'several documents'],
  ['a: [1\n', 'Flow sequence'],
])('%j is not changed, and it is said why', (before, message) => {
  expect(() => changeHelmValues(to('v1'))(before)).toThrow(message)
})

test('an element of a list that is not there is said', () => {
  expect(() => changeHelmValues(to('v1', { helm: { spec: 'web.list[3].image' } }))(values)).toThrow('no element 3')
})

test('an alias gives way to a text of its own', () => {
  const before = 'a: {tag: &shared v1}\nb: {tag: *shared}\n'
  expect(changeHelmValues(to('v2', { helm: { tag: 'b.tag' } }))(before)).toBe('a: {tag: &shared v1}\nb: {tag: v2}\n')
  expect(changeHelmValues(to('v2', { helm: { tag: 'a.tag' } }))(before)).toBe(
    'a: {tag: &shared v2}\nb: {tag: *shared}\n',
  )
})

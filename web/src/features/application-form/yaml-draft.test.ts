import { expect, test } from 'vitest'
import { newDraft, withValue } from './draft.ts'
import { readYaml, yamlOf } from './yaml-draft.ts'

test('what is written as YAML is read as it was', () => {
  const draft = withValue(withValue(newDraft(), ['metadata', 'name'], 'shop'), ['spec', 'source'], {
    repoURL: 'https://git.example.com/apps',
    helm: { values: 'a: 1\nb: 2\n' },
  })
  const read = readYaml(yamlOf(draft))
  expect(read).toEqual({ draft: { ...draft, spec: { ...draft.spec, destination: { name: 'in-cluster' } } } })
})

test('what is no Application is told apart from what is no YAML', () => {
  expect(readYaml('a: [')).toHaveProperty('broken')
  expect(readYaml('a: 1')).toEqual({ other: true })
  expect(readYaml('- a')).toEqual({ other: true })
})

test('a status that has been pasted is none that somebody declares', () => {
  expect(readYaml('metadata: {name: a}\nspec: {}\nstatus: {x: 1}')).toEqual({
    draft: { metadata: { name: 'a' }, spec: {} },
  })
})

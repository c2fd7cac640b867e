import { expect, test } from 'vitest'
import type { AppProject, AppProjectSpec } from '../model/index.ts'
import { projectInForce, readGlobalProjects } from './global-projects.ts'

function project(name: string, spec: AppProjectSpec, labels: Record<string, string> = {}): AppProject {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name, labels }, spec }
}

const global = project('global', {
  sourceRepos: ['https://git.example.com/base'],
  namespaceResourceWhitelist: [{ group: '', kind: 'Secret' }],
  signatureKeys: [{ keyID: '4AEE18F83AFDEB23' }],
})
const rules = readGlobalProjects([{ labelSelector: { matchLabels: { tier: 'team' } }, projectName: 'global' }])
const find = (name: string) => (name === 'global' ? global : undefined)

test('lists of a global project are added to those of the projects it selects; other fields are not', () => {
  const team = project('team', { sourceRepos: ['https://git.example.com/team'] }, { tier: 'team' })
  expect(projectInForce(team, { rules, find })).toEqual({
    name: 'team',
    spec: {
      sourceRepos: ['https://git.example.com/team', 'https://git.example.com/base'],
      namespaceResourceWhitelist: [{ group: '', kind: 'Secret' }],
    },
  })
})

test('a project that is not selected, and the global project itself, stay as they are', () => {
  const other = project('other', { sourceRepos: [] })
  expect(projectInForce(other, { rules, find }).spec).toBe(other.spec)
  const self = project('global', global.spec, { tier: 'team' })
  expect(projectInForce(self, { rules, find }).spec).toBe(global.spec)
})

test('a global project that does not exist adds nothing', () => {
  const team = project('team', {}, { tier: 'team' })
  expect(projectInForce(team, { rules, find: () => undefined }).spec).toEqual({})
})

test.each([
  [{ operator: 'In', values: ['a'] }, { k: 'a' }, true],
  [{ operator: 'In', values: ['a'] }, {}, false],
  [{ operator: 'NotIn', values: ['a'] }, {}, true],
  [{ operator: 'NotIn', values: ['a'] }, { k: 'a' }, false],
  [{ operator: 'Exists' }, { k: '' }, true],
  [{ operator: 'DoesNotExist' }, { k: '' }, false],
  [{ operator: 'Gt', values: ['1'] }, { k: '2' }, false],
])('the expression %j selects %j: %s', (expression, labels, expected) => {
  const selecting = [{ labelSelector: { matchExpressions: [{ key: 'k', ...expression }] }, projectName: 'global' }]
  const { spec } = projectInForce(project('team', {}, labels as Record<string, string>), { rules: selecting, find })
  expect(spec.sourceRepos !== undefined).toBe(expected)
})

test.each([['text'], [[null]], [[{ projectName: 'x' }]]])('%j is refused', (value) => {
  expect(() => readGlobalProjects(value)).toThrow(/globalProjects/)
})

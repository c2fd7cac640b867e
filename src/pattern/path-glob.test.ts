import { expect, test } from 'vitest'
import { folderOfGlob, pathGlobMatcher } from './path-glob.ts'

test.each([
  ['envs/*.yaml', 'envs/prod.yaml', true],
  ['envs/*.yaml', 'envs/eu/prod.yaml', false],
  ['envs/**/values.yaml', 'envs/values.yaml', true],
  ['envs/**/values.yaml', 'envs/eu/west/values.yaml', true],
  ['envs/**/values.yaml', 'envs-old/values.yaml', false],
  ['**/values.yaml', 'values.yaml', true],
  ['**/**/values.yaml', 'a/values.yaml', true],
  ['envs/**', 'envs/eu/.hidden', true],
  ['envs/*', 'envs/.hidden', true],
  ['envs/{**/prod,dev}.yaml', 'envs/prod.yaml', true],
  ['envs/{**/prod,dev}.yaml', 'envs/a/b/prod.yaml', true],
  ['envs/{**/prod,dev}.yaml', 'envs/a/dev.yaml', false],
  ['envs/[a-c]?.yaml', 'envs/b1.yaml', true],
  ['envs/\\*.yaml', 'envs/*.yaml', true],
] as const)('%s against %s: %s', (pattern, path, expected) => {
  expect(pathGlobMatcher(pattern)(path)).toBe(expected)
})

test.each([
  ['envs/*.yaml', 'envs'],
  ['envs/eu/**/values.yaml', 'envs/eu'],
  ['*.yaml', ''],
  ['a/{b,c}/d.yaml', 'a'],
])('the files of %s are below "%s"', (pattern, folder) => {
  expect(folderOfGlob(pattern)).toBe(folder)
})

test('a pattern that would have others try everything is walked once', () => {
  const matches = pathGlobMatcher(`${'*a'.repeat(40)}b`)
  const before = performance.now()
  expect(matches('a'.repeat(2000))).toBe(false)
  expect(performance.now() - before).toBeLessThan(2000)
})

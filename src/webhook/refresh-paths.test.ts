import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePathPattern } from './path-pattern.ts'
import { changedFilesOf, refreshPaths, touchesAny } from './refresh-paths.ts'

function touched(annotation: string | undefined, file: string, folder = 'apps/shop'): boolean {
  return touchesAny(refreshPaths(annotation, folder), changedFilesOf(['README.md', file, 'zebra.txt']))
}

describe('which files are an application’s', () => {
  test.each([
    ['.', 'apps/shop/deployment.yaml'],
    ['.', 'apps/shop/deep/down.yaml'],
    ['./', 'apps/shop/deployment.yaml'],
    ['../base', 'apps/base/kustomization.yaml'],
    ['/apps/base', 'apps/base/kustomization.yaml'],
    ['/apps/base/', 'apps/base/kustomization.yaml'],
    ['.;/shared', 'shared/values.yaml'],
    [' . ; /shared ', 'shared/values.yaml'],
    ['values.yaml', 'apps/shop/values.yaml'],
    ['*.yaml', 'apps/shop/values.yaml'],
    ['/shared/*-secret.yaml', 'shared/db-secret.yaml'],
    ['/shared/**/values.yaml', 'shared/a/b/values.yaml'],
    ['/apps/[a-s]hop/x?.yaml', 'apps/shop/x1.yaml'],
    ['/', 'anything'],
    ['../../../..', 'anything'],
    ['/odd [name]', 'odd [name]/file.yaml'],
    ['', 'anything'],
    [undefined, 'anything'],
  ])('%j makes %s count', (annotation, file) => {
    expect(touched(annotation, file)).toBe(true)
  })

  test.each([
    ['.', 'apps/shop2/deployment.yaml'],
    ['.', 'apps/shop.yaml'],
    ['.', 'apps/mail/deployment.yaml'],
    ['../base', 'base/kustomization.yaml'],
    ['*.yaml', 'apps/shop/deep/values.yaml'],
    ['/shared/*-secret.yaml', 'shared/deep/db-secret.yaml'],
    ['/shared/[z-a].yaml', 'shared/b.yaml'],
    ['/shared/[ab', 'shared/a'],
  ])('%j makes %s not count', (annotation, file) => {
    expect(touched(annotation, file)).toBe(false)
  })

  test('a slash in front of a changed file means nothing', () => {
    expect(touchesAny(refreshPaths('.', 'apps/shop'), changedFilesOf(['/apps/shop/a.yaml']))).toBe(true)
  })

  test('looking a folder up among many files finds what looking at each of them finds', () => {
    const file = fc.array(fc.constantFrom('a', 'b', 'a-b', 'a.b'), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(file, { maxLength: 12 }), file, (files, folder) => {
        const path = folder.join('/')
        const names = files.map((segments) => segments.join('/'))
        const expected = names.some((name) => name === path || name.startsWith(`${path}/`))
        expect(touchesAny(refreshPaths(`/${path}`, ''), changedFilesOf(names))).toBe(expected)
      }),
    )
  })
})

describe('a glob', () => {
  const pieces = fc.array(fc.constantFrom('a', 'b', '/', '*', '?', '[ab]', '[^a]'), { minLength: 1, maxLength: 8 })
  const expressions: Record<string, string> = { '*': '[^/]*', '?': '[^/]', '[ab]': '[ab]', '[^a]': '[^a/]' }

  test('matches what the regular expression of the same meaning matches', () => {
    const path = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 })
    fc.assert(
      fc.property(pieces, path, (pattern, text) => {
        const glob = parsePathPattern(pattern.join(''))
        // Runs side by side are one; `**` alone between slashes is our own.
        fc.pre(glob !== undefined && !pattern.join('').split('/').includes('**'))
        const expression = new RegExp(`^${pattern.map((piece) => expressions[piece] ?? piece).join('')}$`)
        expect(glob?.matches(text)).toBe(expression.test(text))
      }),
      { numRuns: 2000 },
    )
  })

  test('begins as it says', () => {
    fc.assert(
      fc.property(pieces, fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 }), (pattern, text) => {
        const glob = parsePathPattern(pattern.join(''))
        if (glob?.matches(text)) expect(text.startsWith(glob.prefix)).toBe(true)
      }),
    )
  })

  test.each([
    ['a/**', 'a'],
    ['a/**', 'a/b/c'],
    ['a/**/z', 'a/z'],
    ['a/**/b*/**/z', 'a/b/b1/z'],
    ['\\*.yaml', '*.yaml'],
    ['[\\]]', ']'],
  ])('%s matches %s', (pattern, path) => {
    expect(parsePathPattern(pattern)?.matches(path)).toBe(true)
  })

  test.each(['[', '[]', '[a', '[a-', 'a\\', '[-a]'])('that cannot be read, %s, is none', (pattern) => {
    expect(parsePathPattern(pattern)).toBeUndefined()
  })

  test('made to take long does not', () => {
    const glob = parsePathPattern(`${'*a'.repeat(200)}b`)
    const started = performance.now()
    expect(glob?.matches('a'.repeat(5000))).toBe(false)
    // Tried one way after the other, the stars would take longer than anybody lives.
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

test('the tests that docs/security.md names are there', () => {
  const named = readFileSync(`${root}docs/security.md`, 'utf8').matchAll(/`((?:src|test)\/[^`]+\.ts)`/g)
  const files = [...new Set([...named].map(([, file = '']) => file))]
  expect(files.length).toBeGreaterThan(30)
  expect(files.filter((file) => !existsSync(root + file))).toEqual([])
})

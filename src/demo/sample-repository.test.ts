import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSampleRepository } from './sample-repository.ts'

const samples = fileURLToPath(new URL('../../samples', import.meta.url))
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiphys-samples-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the repository holds the samples, and commits change and remove files', async () => {
  const repository = await createSampleRepository(folder, samples)
  expect(await repository.read('catalog/Chart.yaml')).toContain('name: catalog')
  const commit = await repository.commit('Change', { 'new/file.yaml': 'a: 1\n', 'storefront/config.yaml': null })
  const files = execFileSync('git', ['ls-tree', '-r', '--name-only', commit], {
    cwd: repository.path,
    encoding: 'utf8',
  })
  expect(files).toContain('new/file.yaml')
  expect(files).not.toContain('storefront/config.yaml')
  // So that "git push" does it.
  const upstream = execFileSync('git', ['rev-parse', '--abbrev-ref', 'main@{upstream}'], {
    cwd: repository.workingCopy,
    encoding: 'utf8',
  })
  expect(upstream.trim()).toBe('origin/main')
})

import { expect, test } from 'vitest'
import { renderLimits } from './render-limits.ts'

const GiB = 1024 ** 3

function limitsOf({ env = {}, parameters = {} }: Partial<Record<'env' | 'parameters', Record<string, string>>>) {
  const warnings: string[] = []
  const log = { info: () => {}, warn: (_fields: object, message: string) => void warnings.push(message) }
  return { ...renderLimits({ env, parameters, memoryBytes: 4 * GiB, log }), warnings }
}

test('the programs get what the container has besides the process, unless it is set', () => {
  expect(limitsOf({})).toEqual({ parallel: 4, memoryBytes: 0.875 * GiB, warnings: [] })
  expect(limitsOf({ env: { TIPHYS_RENDER_MEMORY: '1536Mi' } })).toMatchObject({ parallel: 2, memoryBytes: 1.5 * GiB })
  expect(limitsOf({ parameters: { 'reposerver.parallelism.limit': '1' } })).toMatchObject({ parallel: 1 })
  const env = { ARGOCD_REPO_SERVER_PARALLELISM_LIMIT: '7' }
  expect(limitsOf({ env, parameters: { 'reposerver.parallelism.limit': '1' } })).toMatchObject({ parallel: 7 })
})

test('no limit is none of somebody, and what cannot be read is told', () => {
  expect(limitsOf({ parameters: { 'reposerver.parallelism.limit': '0' } })).toMatchObject({ parallel: 4, warnings: [] })
  expect(limitsOf({ parameters: { 'reposerver.parallelism.limit': 'many' } })).toMatchObject({
    parallel: 4,
    warnings: [expect.stringContaining('reposerver.parallelism.limit is "many"')],
  })
  expect(limitsOf({ env: { TIPHYS_RENDER_MEMORY: 'much' } })).toMatchObject({
    memoryBytes: 0.875 * GiB,
    warnings: [expect.stringContaining('TIPHYS_RENDER_MEMORY is "much"')],
  })
})

test('without a limit of the container the memory of the machine counts', () => {
  const log = { info: () => {}, warn: () => {} }
  expect(renderLimits({ env: {}, parameters: {}, log }).parallel).toBeGreaterThan(0)
})

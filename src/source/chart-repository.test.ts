import { packTar } from 'modern-tar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openChartRepository, openUnpackedCharts } from './chart-repository.ts'
import { makeDirectory, type TestDirectory } from './fixtures/repository.ts'
import { defaultTreeLimits } from './tree.ts'

let cache: TestDirectory
beforeEach(() => {
  cache = makeDirectory()
})
afterEach(() => cache.remove())

test('charts that are unpacked share one room, and none is given for that of another repository', async () => {
  const unpacked = openUnpackedCharts()
  const body = 'x'.repeat(20 * 1024 * 1024)
  const repositories = await Promise.all(
    Array.from({ length: 8 }, async (_, at) => {
      const text = `${at}${body}`
      const header = { name: 'demo/values.txt', size: text.length, type: 'file' as const }
      const content = Buffer.from(await packTar([{ header, body: text }]))
      return openChartRepository({
        url: 'https://charts.example.com',
        scope: String(at),
        origin: { versions: async () => [], download: async () => ({ content, isChart: true }), isFixed: () => true },
        directory: cache.path,
        clock: Date,
        intervalMs: 1000,
        limits: defaultTreeLimits,
        counters: { listings: 0, fetches: 0 },
        unpacked,
      })
    }),
  )
  for (const [at, repository] of repositories.entries()) {
    const tree = await repository.tree('demo', '1.0.0')
    expect((await tree.read('values.txt')).toString('utf8', 0, 1)).toBe(String(at))
  }
  expect(unpacked.size).toBe(6)
  expect(unpacked.calculatedSize).toBeLessThanOrEqual(128 * 1024 * 1024)
})

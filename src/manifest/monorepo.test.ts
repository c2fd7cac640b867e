import { expect, test } from 'vitest'
import { serveRepository } from '../source/fixtures/repository.ts'
import { configMap, openBench } from './fixtures/bench.ts'

test('a commit to one of 1,000 applications of a repository costs one listing, one fetch and one rendering', {
  timeout: 120_000,
}, async () => {
  const bench = openBench()
  const { repository, sources, renderer } = bench
  const paths = Array.from({ length: 1000 }, (_, at) => `apps/team-${at % 10}/app-${at}`)
  repository.commit(Object.fromEntries(paths.map((path, at) => [`${path}/cm.yaml`, configMap(`cm-${at}`)])))
  const server = await serveRepository(repository.path)
  const renderAll = async (notOlderThan = Date.now()): Promise<number> => {
    const started = performance.now()
    for (const path of paths) {
      const source = { repoURL: server.url, path, targetRevision: 'main' }
      const { revision } = await sources.resolve(source, { notOlderThan })
      await renderer.render({
        application: { name: path, namespace: 'argocd', project: 'default', destinationNamespace: 'x' },
        source,
        revision,
        tree: await sources.tree(source, revision),
        cluster: { version: '1.35.0', apiVersions: Array.from({ length: 300 }, (_, at) => `group-${at}/v1`) },
      })
    }
    return performance.now() - started
  }
  const first = await renderAll()
  expect(renderer.counters).toEqual({ renders: 1000, remembered: 0, shared: 0 })
  const before = { ...sources.counters }
  repository.commit({ 'apps/team-7/app-777/cm.yaml': configMap('changed') })
  await new Promise((resolve) => setTimeout(resolve, 2))
  const again = await renderAll()
  expect(renderer.counters).toEqual({ renders: 1001, remembered: 999, shared: 0 })
  expect(sources.counters.listings - before.listings).toBe(1)
  expect(sources.counters.fetches - before.fetches).toBe(1)
  const idle = await renderAll(0)
  expect(before.fetches).toBeLessThan(12)
  // Seconds here would mean that looking again asks a program or the network.
  expect(idle).toBeLessThan(5_000)
  expect(again).toBeLessThan(first)
  await server.close()
  await bench.close()
})

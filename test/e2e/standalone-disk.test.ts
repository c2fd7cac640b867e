/** Tiphys without a cluster on a disk that takes no more: it ends, and nobody has been told what is not kept. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type StandaloneProcess, startStandalone } from './standalone-process.ts'

let folder: string
let running: StandaloneProcess | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiphys-disk-'))
})
afterEach(async () => {
  await running?.end('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const numbersOf = (names: string[]) =>
  names.flatMap((name) => (name.startsWith('filler-') ? Number(name.slice(7)) : []))

test.runIf(process.platform === 'linux')(
  'ends at the first write that the disk refuses, says why, and goes on with all that was acknowledged',
  async () => {
    const data = join(folder, 'data')
    // No file of it may be larger: the disk is full for this process alone.
    const full = await startStandalone({ folder, data, through: ['prlimit', `--fsize=${2 * 1024 * 1024}`] })
    running = full
    const metadata = (number: number) => ({ name: `filler-${number}`, namespace: 'argocd' })
    const maps = (await full.client.apiResources()).find('', 'ConfigMap')
    if (!maps) throw new Error('there are no ConfigMaps')
    const watched: string[] = []
    const watching = (async () => {
      const events = await full.client.watch(maps, { namespace: 'argocd', resourceVersion: '0' })
      for await (const event of events) if ('object' in event) watched.push(event.object.metadata.name)
    })().catch(() => {})
    let acknowledged = -1
    const filling = (async () => {
      for (let number = 0; number < 1000; number++) {
        const filler = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: metadata(number),
          data: { a: 'x'.repeat(20_000) },
        }
        await full.client.create(filler)
        acknowledged = number
      }
    })().catch(() => {})
    expect(await full.ended).toBe(74)
    await full.client.close()
    await Promise.all([filling, watching])
    expect(full.told()).toContain(`Tiphys has ended: ${data} takes no more writes`)
    expect(full.told()).toContain('make room there')
    expect(acknowledged).toBeGreaterThan(10)
    expect(acknowledged).toBeLessThan(999)

    running = await startStandalone({ folder, data })
    const kept: string[] = []
    for await (const { metadata } of running.client.list(maps, { namespace: 'argocd' })) kept.push(metadata.name)
    expect(numbersOf(kept).sort((a, b) => a - b)).toEqual(Array.from({ length: numbersOf(kept).length }, (_, n) => n))
    expect(numbersOf(kept).length).toBeGreaterThan(acknowledged)
    expect(watched.filter((name) => !kept.includes(name))).toEqual([])
    expect(numbersOf(watched).length).toBeGreaterThan(10)
  },
  300_000,
)

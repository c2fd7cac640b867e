/** What a kubelet is told of a process whose cluster is away: it lives, and is not ready. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageFile } from '../../src/process/package-file.ts'
import { freePort } from './server-program.ts'

let folder: string
let program: ChildProcess
let probes: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiphys-probes-'))
  const kubeconfig = join(folder, 'kubeconfig')
  const nobody = await freePort()
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'away', cluster: { server: `http://127.0.0.1:${nobody}` } }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: 'away', context: { cluster: 'away', user: 'nobody' } }],
      'current-context': 'away',
    }),
  )
  const port = await freePort()
  probes = `http://127.0.0.1:${port}`
  const args = ['serve', '--kubeconfig', kubeconfig, '--host', '127.0.0.1', '--port', '0', '--probe-port', String(port)]
  program = spawn(packageFile('bin/tiphys'), args, { stdio: 'ignore' })
})
afterAll(() => {
  program.kill()
  rmSync(folder, { recursive: true, force: true })
})

test('a process that waits for its cluster lives, and is not ready', async () => {
  const ask = async (path: string) => (await fetch(probes + path)).status
  await expect.poll(() => ask('/healthz').catch(() => 0), { timeout: 60_000 }).toBe(200)
  expect(await ask('/readyz')).toBe(503)
  expect(program.exitCode).toBeNull()
})

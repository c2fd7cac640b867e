import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { KubeObject } from '../object.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'

const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }
const pods = { group: '', version: 'v1', resource: 'pods' }

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'restart-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function web(image: string): KubeObject {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } }
  const metadata = { name: 'web', namespace: 'default' }
  const spec = { replicas: 2, selector: { matchLabels: { app: 'web' } }, template }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }
}

function webOf({ client }: Sandbox): KubeObject | undefined {
  return client.get({ ...deployments, namespace: 'default', name: 'web' })
}

async function untilAvailable(sandbox: Sandbox): Promise<void> {
  await vi.waitFor(() => expect(webOf(sandbox)?.status).toMatchObject({ availableReplicas: 2 }), { timeout: 10_000 })
}

test('after a restart everything is as it was, and nothing that had settled is written again', async () => {
  const first = await startSandbox({ dataDir })
  first.client.create(deployments, web('i:1'))
  await untilAvailable(first)
  const before = [webOf(first), ...first.client.list(pods)]
  await first.close()

  const second = await startSandbox({ dataDir })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect([webOf(second), ...second.client.list(pods)]).toEqual(before)
  expect(second.adminToken).toBe(first.adminToken)
  expect(second.caPem).toBe(first.caPem)
  await second.close()
})

test('a rollout that a stop interrupted is finished after the restart', async () => {
  const first = await startSandbox({ dataDir })
  first.client.create(deployments, web('i:1'))
  await first.close()

  const second = await startSandbox({ dataDir })
  await untilAvailable(second)
  await second.close()
})

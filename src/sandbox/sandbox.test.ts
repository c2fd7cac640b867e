import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Connection, connect, type Reply } from './replay/connection.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

const configMaps = { group: '', version: 'v1', resource: 'configmaps' }

function ask(connection: Connection, token: string, path: string, body?: unknown): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    authorization: `Bearer ${token}`,
    ...(text && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
  }
  return connection.send({ method: text ? 'POST' : 'GET', path, headers, ...(text && { body: text }) })
}

async function serving<T>(
  sandbox: Sandbox,
  use: (get: (path: string, body?: unknown) => Promise<Reply>) => Promise<T>,
) {
  const connection = connect(sandbox.url, sandbox.caPem)
  try {
    return await use((path, body) => ask(connection, sandbox.adminToken, path, body))
  } finally {
    connection.close()
  }
}

test('a sandbox with a data directory comes back with its objects, its custom resources and its credentials', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const definition = {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }
  const widgets = '/apis/example.com/v1/namespaces/default/widgets'
  try {
    const first = await startSandbox({ dataDir, nodes: 0 })
    const kept = await serving(first, async (send) => {
      await send('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)
      await expect.poll(async () => (await send(widgets)).status).toBe(200)
      await send(widgets, { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } })
      return JSON.parse((await send(`${widgets}/w`)).text) as { metadata: { uid: string; resourceVersion: string } }
    })
    await first.close()

    await using second = await startSandbox({ dataDir, nodes: 0 })
    expect(second).toMatchObject({ adminToken: first.adminToken, caPem: first.caPem })
    await serving(second, async (send) => {
      expect(JSON.parse((await send(`${widgets}/w`)).text)).toEqual(kept)
      const { resourceVersion } = kept.metadata
      const watch = await send(`${widgets}?watch=1&timeoutSeconds=1&resourceVersion=${Number(resourceVersion) - 1}`)
      expect(JSON.parse(watch.text)).toMatchObject({ type: 'ERROR', object: { code: 410 } })
    })
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
})

test('a port that is taken is an error, and nothing is left running', async () => {
  await using sandbox = await startSandbox({ controllers: false })
  await expect(startSandbox({ port: sandbox.port, controllers: false })).rejects.toThrow('EADDRINUSE')
})

test('a list begun before changes goes on as it was when it began', async () => {
  await using sandbox = await startSandbox({ controllers: false })
  for (const name of ['a', 'b', 'c', 'd']) {
    sandbox.client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })
  }
  const path = '/api/v1/namespaces/default/configmaps?limit=2'
  const names = (reply: Reply) =>
    (JSON.parse(reply.text) as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name)
  await serving(sandbox, async (send) => {
    const first = await send(path)
    expect(names(first)).toEqual(['a', 'b'])
    sandbox.client.delete({ ...configMaps, namespace: 'default', name: 'c' })
    sandbox.client.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cc', namespace: 'default' },
    })
    const { metadata } = JSON.parse(first.text) as { metadata: { continue: string; remainingItemCount: number } }
    expect(metadata.remainingItemCount).toBe(2)
    expect(names(await send(`${path}&continue=${metadata.continue}`))).toEqual(['c', 'd'])
  })
})

/** Integers beyond 2^53 on their way through the server: sent, patched, applied, watched, kept on disk. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

import { type Connection, connect } from './replay/connection.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

const directory = await mkdtemp(join(tmpdir(), 'exact-integers-'))
afterAll(() => rm(directory, { recursive: true, force: true }))

const gadgets = '/apis/example.com/v1/namespaces/default/gadgets'
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        },
      },
    ],
  },
}

function caller(sandbox: Sandbox, connection: Connection) {
  return async (method: string, path: string, body?: string, type = 'application/json'): Promise<string> => {
    const headers = { authorization: `Bearer ${sandbox.adminToken}`, 'content-type': type }
    const reply = await connection.send({ method, path, headers, ...(body !== undefined && { body }) })
    return reply.text
  }
}

async function untilServed(call: ReturnType<typeof caller>): Promise<void> {
  await expect.poll(() => call('GET', gadgets), { timeout: 10_000 }).toContain('GadgetList')
}

test('an integer of 64 bits is the same at every station', async () => {
  const first = await startSandbox({ dataDir: directory, nodes: 0 })
  const connection = connect(first.url, first.caPem)
  const call = caller(first, connection)
  await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', JSON.stringify(definition))
  await untilServed(call)
  const gadget = (size: string) =>
    `{"apiVersion":"example.com/v1","kind":"Gadget","metadata":{"name":"a"},"spec":{"size":${size}}}`
  expect(await call('POST', gadgets, gadget('9007199254740993'))).toContain('"size":9007199254740993')
  const apply = `${gadgets}/a?fieldManager=me&force=true`
  expect(await call('PATCH', apply, gadget('9007199254740995'), 'application/apply-patch+yaml')).toContain(
    '"size":9007199254740995',
  )
  const patch = '{"spec":{"least":-9223372036854775808}}'
  expect(await call('PATCH', `${gadgets}/a`, patch, 'application/merge-patch+json')).toContain(
    '"least":-9223372036854775808',
  )
  const tested = '[{"op":"test","path":"/spec/size","value":9007199254740995}]'
  expect(await call('PATCH', `${gadgets}/a`, tested, 'application/json-patch+json')).toContain('"kind":"Gadget"')
  expect(await call('GET', `${gadgets}?watch=1&timeoutSeconds=1`)).toContain('"size":9007199254740995')
  connection.close()
  await first.close()

  const second = await startSandbox({ dataDir: directory, nodes: 0 })
  const again = connect(second.url, second.caPem)
  const recall = caller(second, again)
  await untilServed(recall)
  expect(await recall('GET', gadgets)).toContain('"least":-9223372036854775808,"size":9007199254740995')
  again.close()
  await second.close()
})

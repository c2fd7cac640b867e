import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openProbeServer, type ProbeServer } from './probe-server.ts'

let problems: string[]
let warnings: object[]
let server: ProbeServer
beforeEach(async () => {
  problems = []
  warnings = []
  const log = { warn: (fields: object) => void warnings.push(fields) }
  server = await openProbeServer({ host: '127.0.0.1', port: 0 }, { problems: () => problems, log })
})
afterEach(() => server.close())

const ask = async (path: string) => {
  const answer = await fetch(server.url + path)
  return [answer.status, await answer.text()]
}

test('life and readiness are answered, and the log alone tells each problem, once', async () => {
  expect(await ask('/readyz')).toEqual([200, 'ok'])
  problems = ['cluster secret-name: away']
  expect(await ask('/readyz')).toEqual([503, 'not ready: 1 problems, which the log tells'])
  await ask('/readyz?verbose')
  expect(warnings).toEqual([{ problems }])
  expect(await ask('/healthz')).toEqual([200, 'ok'])
  expect((await ask('/metrics'))[0]).toBe(404)
})

test('whoever holds all the connections there may be keeps nobody from being answered', async () => {
  const { hostname, port } = new URL(server.url)
  const held: Socket[] = []
  for (let count = 0; count < 300; count++) {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => {})
    await once(socket, 'connect')
    held.push(socket)
  }
  expect(await ask('/healthz')).toEqual([200, 'ok'])
  for (const socket of held) socket.destroy()
})

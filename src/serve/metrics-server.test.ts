import { expect, test } from 'vitest'
import { openMetricsServer } from './metrics-server.ts'

test('metrics are read at /metrics, and nothing else is there', async () => {
  let isBroken = false
  const metrics = async () => {
    if (isBroken) throw new Error('a label is missing')
    return { contentType: 'text/plain; version=0.0.4', text: 'a 1\n' }
  }
  const server = await openMetricsServer({ host: '127.0.0.1', port: 0 }, { metrics, problems: () => [] })
  const answer = await fetch(`${server.url}?name[]=a`)
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain; version=0.0.4',
    'a 1\n',
  ])
  expect((await fetch(new URL('/', server.url))).status).toBe(404)
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(404)
  isBroken = true
  const broken = await fetch(server.url)
  expect([broken.status, await broken.text()]).toEqual([503, ''])
  await server.close()
  await expect(fetch(server.url)).rejects.toThrow()
})

test('a process without the API is probed there, and tells nobody what its problems are', async () => {
  const problems: string[] = []
  const metrics = async () => ({ contentType: 'text/plain', text: '' })
  const server = await openMetricsServer({ host: '127.0.0.1', port: 0 }, { metrics, problems: () => problems })
  const ask = async (path: string) => {
    const answer = await fetch(new URL(path, server.url))
    return [answer.status, await answer.text()]
  }
  expect(await ask('/readyz')).toEqual([200, 'ok'])
  problems.push('cluster secret-name: away')
  expect(await ask('/readyz')).toEqual([503, 'not ready: 1 problems'])
  expect(await ask('/healthz')).toEqual([200, 'ok'])
  await server.close()
})

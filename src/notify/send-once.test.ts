import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfiguration } from './configuration.ts'
import { openCourier } from './delivery/courier.ts'
import { sendOnce } from './send-once.ts'

/** Repeats what it is told, which some receivers do that are wrong or in between. */
const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const { url = '', headers } = request
  if (url === '/long') response.writeHead(400).end(`${'x'.repeat(470)} ${headers.authorization}`)
  else if (url.endsWith('/login')) response.end('{"data":{"authToken":"granted-token","userId":"ann"}}')
  else response.writeHead(400).end(`${url} ${headers.authorization ?? headers['x-auth-token']} ${body}`)
})
const courier = openCourier({ isRefused: () => false, timeLimitMs: 5000 })
let base = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await courier.close()
  server.close()
})

function refused(type: string, options: string): Promise<string> {
  const settings = readConfiguration({ map: { [`service.${type}`]: options }, secret: { word: 'the secret word' } })
  const given = { service: type, recipient: 'ops', notification: { message: 'hi' }, courier }
  return sendOnce(settings, given).then(
    () => 'it was taken',
    ({ message }: Error) => message.replace(base.slice('http://'.length), 'HOST'),
  )
}

test('neither what is made from a secret nor what was got with one is told', async () => {
  expect(await refused('webhook', `url: ${base}/x\nbasicAuth: {username: ann, password: $word}`)).toBe(
    'HOST answered 400: /x ++++++++',
  )
  expect(await refused('rocketchat', `serverUrl: ${base}\nemail: ann\npassword: $word`)).toBe(
    'HOST answered 400: /api/v1/chat.postMessage ++++++++ {"roomId":"ops","text":"hi"}',
  )
})

test('a long answer is shortened behind its secrets, not within one', async () => {
  const told = await refused('webhook', `url: ${base}/long\nheaders: [{name: Authorization, value: $word}]`)
  expect(told).toMatch(/^HOST answered 400: x{470}\s?\+*…$/)
})

test('several requests of one attempt have one limit together', async () => {
  const settings = readConfiguration({ map: { 'service.rocketchat': `serverUrl: ${base}\n` }, secret: {} })
  const asked: string[] = []
  const slow = {
    ...courier,
    async send({ url }: { url: string }, signal?: AbortSignal) {
      asked.push(url)
      await sleep(150, undefined, { signal })
      return { status: 200, text: '{"data":{"authToken":"t","userId":"u"},"success":true}' }
    },
  }
  const given = { service: 'rocketchat', recipient: '#ops', notification: { message: 'hi' }, courier: slow }
  await expect(sendOnce(settings, { ...given, limitMs: 200 })).rejects.toThrow(/abort/)
  await sendOnce(settings, { ...given, limitMs: 2000 })
  expect(asked).toHaveLength(4)
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createPlain } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkedTls } from '../login/check-tls.ts'
import type { Prompt } from '../prompt.ts'
import type { ServerFlags } from './flags.ts'
import type { ServerEntry } from './logins.ts'
import { baseOf } from './place.ts'
import { openTransport } from './transport.ts'

const folder = mkdtempSync(join(tmpdir(), 'tiphys-tls-'))
const authority = join(folder, 'ca.pem')
let secure: Server
let plain: ReturnType<typeof createPlain>
let entry: ServerEntry
let plainEntry: ServerEntry

beforeAll(async () => {
  const altNames = [{ type: 7 as const, ip: '127.0.0.1' }]
  const made = await generate([{ name: 'commonName', value: 'test' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames }],
  })
  writeFileSync(authority, made.cert)
  secure = createServer({ cert: made.cert, key: made.private }, (request, response) =>
    response.end(JSON.stringify({ seen: request.headers['x-team'] ?? '', token: request.headers.authorization ?? '' })),
  )
  plain = createPlain((_request, response) => {
    response.writeHead(307, { location: `https://127.0.0.1:${portOf(secure)}/` }).end()
  })
  for (const server of [secure, plain]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  entry = { server: `127.0.0.1:${portOf(secure)}` }
  plainEntry = { server: `127.0.0.1:${portOf(plain)}` }
})
afterAll(() => {
  for (const server of [secure, plain]) {
    server.closeAllConnections()
    server.close()
  }
  rmSync(folder, { recursive: true, force: true })
})

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port
}

async function get(to: ServerEntry, flags: ServerFlags = {}): Promise<unknown> {
  const transport = await openTransport(to, flags)
  try {
    return await (await transport.fetch(baseOf(to))).json()
  } finally {
    await transport.close()
  }
}

const saying = (answer: boolean) => {
  const asked: string[] = []
  const confirm = async (question: string) => {
    asked.push(question)
    return answer
  }
  return { prompt: { confirm } as Prompt, asked }
}

test('a certificate that nobody vouches for is refused, with what to do', async () => {
  await expect(get(entry)).rejects.toThrow(/cannot be verified .*--server-crt.*--insecure/)
  await expect(get({ ...entry, insecure: true })).resolves.toEqual({ seen: '', token: '' })
  await expect(get(entry, { serverCrt: authority })).resolves.toBeDefined()
})

test('headers that are given are sent', async () => {
  await expect(get({ ...entry, insecure: true }, { header: ['X-Team: shop'] })).resolves.toMatchObject({ seen: 'shop' })
  await expect(get(entry, { header: ['nonsense'] })).rejects.toThrow(/NAME: VALUE/)
})

test('nobody is followed elsewhere with a token, and a port without TLS is told apart', async () => {
  await expect(get({ ...plainEntry, 'plain-text': true })).rejects.toThrow(/speaks TLS: leave --plaintext out/)
  await expect(get(plainEntry)).rejects.toThrow(/does not speak TLS: use --plaintext/)
  await expect(get({ server: '127.0.0.1:1', 'plain-text': true })).rejects.toThrow(/cannot be reached/)
})

test('before a password is given, an unknown certificate is shown, and only a yes is one', async () => {
  const no = saying(false)
  await expect(checkedTls(entry, {}, no.prompt)).rejects.toThrow(/signed by itself/)
  expect(no.asked[0]).toMatch(/SHA-256 fingerprint is ([0-9A-F]{2}:){31}[0-9A-F]{2}/)
  expect(await checkedTls(entry, {}, saying(true).prompt)).toEqual({ ...entry, insecure: true })
  expect(await checkedTls(entry, { serverCrt: authority }, no.prompt)).toEqual(entry)
  await expect(checkedTls(plainEntry, {}, no.prompt)).rejects.toThrow(/does not speak TLS/)
  expect(await checkedTls(plainEntry, {}, saying(true).prompt)).toEqual({ ...plainEntry, 'plain-text': true })
  expect(no.asked).toHaveLength(2)
})

/** TLS: with a certificate of our own, then with the one that is given, from the next connection on. */
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { selfSigned } from '../../src/api/tls/certificate.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({}, { encrypted: true })
})
afterAll(() => world.stop())

const port = () => Number(new URL(world.tiphys().url).port)

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
}

function ask(send: typeof plainRequest, path: string, options: object = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { host: '127.0.0.1', port: port(), path, rejectUnauthorized: false, agent: false, ...options }
    const asked = send(all, (response) => {
      response.resume().once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
    })
    asked.on('error', reject).end(body)
  })
}
const secure = tlsRequest as typeof plainRequest

function fingerprint(options: object = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: port(), rejectUnauthorized: false, ...options }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

async function serveWith(name: string): Promise<void> {
  const { cert, key } = await selfSigned(world.controlNamespace, new Date())
  const metadata = { name, namespace: world.controlNamespace }
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { 'tls.crt': cert, 'tls.key': key } }
  await world.client.apply(secret, { fieldManager: 'e2e', force: true })
}

test('it serves with a certificate of its own, sends what comes without TLS there, and takes no old protocol', async () => {
  expect(world.tiphys().url).toMatch(/^https:/)
  expect((await ask(secure, '/api/version')).status).toBe(200)
  expect(await ask(plainRequest, '/applications?a=b')).toMatchObject({
    status: 307,
    headers: { location: `https://127.0.0.1:${port()}/applications?a=b` },
  })
  // A token that comes without TLS is not taken, nor answered.
  const headers = { authorization: 'Bearer x', host: 'a b' }
  expect((await ask(plainRequest, '/api/v1/applications', { headers })).status).toBe(400)
  expect((await ask(plainRequest, '/healthz')).status).toBe(200)
  await expect(fingerprint({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow()
})

test('sessions are kept in cookies that are sent over TLS only, and browsers are told to come with TLS', async () => {
  const body = JSON.stringify({ username: 'admin', password: world.tiphys().adminPassword })
  const headers = { 'content-type': 'application/json' }
  const answer = await ask(secure, '/api/v1/session', { method: 'POST', headers }, body)
  expect(answer.status).toBe(200)
  expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/HttpOnly; Secure; SameSite=Lax$/)])
  expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
})

test('the certificate of argocd-server-tls is used as soon as it is there, and another as soon as it changes', async () => {
  const seen = [await fingerprint()]
  for (let round = 0; round < 2; round++) {
    await serveWith('argocd-server-tls')
    await expect.poll(() => fingerprint(), { timeout: 10_000 }).not.toBe(seen.at(-1))
    seen.push(await fingerprint())
  }
  expect(new Set(seen).size).toBe(3)
  expect((await ask(secure, '/api/version')).status).toBe(200)
})

test('a certificate that cannot be used does not replace the one in use', async () => {
  const before = await fingerprint()
  const target = {
    group: '',
    version: 'v1',
    kind: 'Secret',
    namespace: world.controlNamespace,
    name: 'argocd-server-tls',
  }
  const change = { stringData: { 'tls.crt': 'no certificate' } }
  await world.client.patch(target, change, { type: 'merge', fieldManager: 'e2e' })
  await expect
    .poll(async () => (await world.said())['the log'], { timeout: 10_000 })
    .toMatch(/argocd-server-tls.*certificate/)
  expect(await fingerprint()).toBe(before)
})

import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect as connectSocket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { checkCertificate, givenCertificate, selfSigned } from './certificate.ts'
import { type Listener, openListener } from './listener.ts'

const now = new Date('2026-01-01T00:00:00Z')
const open: Listener[] = []
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close()
})

async function start() {
  const first = await selfSigned('argocd', new Date())
  const listener = openListener((request, response) => response.end(`served ${request.url}`), first)
  open.push(listener)
  return { listener, first, port: await listener.listen({ host: '127.0.0.1', port: 0 }) }
}

function ask(port: number, path: string, send: typeof plainRequest) {
  return new Promise<{ status?: number; location?: string; text: string }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }
    const asked = send(options, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode, location: answer.headers.location, text }))
    })
    asked.on('error', reject).end()
  })
}

test('one port serves TLS, and sends what comes without it there', async () => {
  const { port } = await start()
  expect(await ask(port, '/api/version', tlsRequest as typeof plainRequest)).toMatchObject({
    status: 200,
    text: 'served /api/version',
  })
  const sent = await ask(port, '/applications?a=b', plainRequest)
  expect(sent).toMatchObject({ status: 307, location: `https://127.0.0.1:${port}/applications?a=b` })
})

test('probes of a cluster are answered without TLS', async () => {
  const { port } = await start()
  expect((await ask(port, '/healthz?full=true', plainRequest)).text).toBe('served /healthz?full=true')
})

test('a redirect never leads to another host', async () => {
  const { port } = await start()
  const answer = await new Promise<string>((resolve) => {
    const socket = connectSocket(port, '127.0.0.1', () =>
      socket.write(`GET //evil.example.com/x HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`),
    )
    let text = ''
    socket.on('data', (chunk) => (text += chunk))
    socket.on('close', () => resolve(text))
  })
  const [, location = ''] = /location: (\S+)/i.exec(answer) ?? []
  expect(new URL(location).host).toBe(`127.0.0.1:${port}`)
})

test('a renewed certificate is used from the next connection on', async () => {
  const { listener, port, first } = await start()
  const fingerprint = () =>
    new Promise<string>((resolve) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256)
        socket.destroy()
      })
    })
  const before = await fingerprint()
  const next = await selfSigned('argocd', new Date())
  expect(next.cert).not.toBe(first.cert)
  listener.use(next)
  expect(await fingerprint()).not.toBe(before)
})

test('connections that never say anything do not keep it from closing', async () => {
  const { listener, port } = await start()
  const idle = connectSocket(port, '127.0.0.1')
  await new Promise((resolve) => idle.once('connect', resolve))
  const closed = new Promise((resolve) => idle.once('close', resolve))
  await listener.close()
  await closed
})

test('the certificate of argocd-server-tls comes before that of argocd-secret', async () => {
  const secrets: Record<string, Record<string, string>> = {
    'argocd-secret': { 'tls.crt': 'old', 'tls.key': 'old' },
    'argocd-server-tls': { 'tls.crt': 'new', 'tls.key': 'new' },
  }
  expect(givenCertificate((name) => secrets[name])).toEqual({ cert: 'new', key: 'new' })
  delete secrets['argocd-server-tls']?.['tls.key']
  expect(givenCertificate((name) => secrets[name])).toEqual({ cert: 'old', key: 'old' })
  expect(givenCertificate(() => undefined)).toBeUndefined()
})

test('a key of another certificate is refused', async () => {
  const [one, other] = [await selfSigned('argocd', now), await selfSigned('argocd', now)]
  expect(() => checkCertificate(one)).not.toThrow()
  expect(() => checkCertificate({ cert: one.cert, key: other.key })).toThrow('does not belong')
})

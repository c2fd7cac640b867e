import { type AddressInfo, createServer, type Server } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAuthority } from '../../../test/e2e/certificates.ts'
import { readConfiguration } from '../configuration.ts'
import { openCourier } from '../delivery/courier.ts'
import { sendOnce } from '../send-once.ts'

let mailServer: SMTPServer
/** Greets one character at a time, and so is never silent for long. */
let dripping: Server
let authority = ''
let arrived = 0

beforeAll(async () => {
  const made = await makeAuthority()
  authority = made.cert
  mailServer = new SMTPServer({
    ...(await made.server()),
    authOptional: true,
    onData(stream, _session, done) {
      arrived += 1
      stream.resume().on('end', done)
    },
  })
  await new Promise<void>((resolve) => void mailServer.listen(0, '127.0.0.1', () => resolve()))
  dripping = createServer((socket) => {
    socket.write('220 mail\r\n')
    const timer = setInterval(() => socket.write('2'), 20)
    socket.on('close', () => clearInterval(timer)).on('error', () => {})
  })
  await new Promise<void>((resolve) => void dripping.listen(0, '127.0.0.1', () => resolve()))
})
afterAll(() => {
  mailServer.close()
  dripping.close()
})

function send(server: { address(): unknown }, given: { trusted?: string; options?: string; limitMs?: number } = {}) {
  const { trusted, options = '', limitMs } = given
  const { port } = server.address() as AddressInfo
  const settings = readConfiguration({
    map: { 'service.email': `host: localhost\nport: ${port}\nfrom: tiphys@example.com\n${options}` },
    secret: {},
  })
  const courier = openCourier({
    isRefused: () => false,
    timeLimitMs: 5000,
    authoritiesOf: (url) => (url === 'https://localhost' ? trusted : undefined),
  })
  const notification = { message: 'hello' }
  return sendOnce(settings, {
    service: 'email',
    recipient: 'ann@example.com',
    notification,
    courier,
    ...(limitMs && { limitMs }),
  })
}

test('mail goes to a server whose authority is trusted, or that is not to be checked', async () => {
  await expect(send(mailServer.server)).rejects.toThrow(
    /^localhost: .*certificate.*: add its authority to argocd-tls-certs-cm/,
  )
  expect(arrived).toBe(0)
  await send(mailServer.server, { trusted: authority })
  await send(mailServer.server, { options: 'insecure_skip_verify: true' })
  await send(mailServer.server, { options: 'insecureSkipVerify: true' })
  expect(arrived).toBe(3)
})

test('an attempt ends in time, though the server always says a little more', async () => {
  const begun = Date.now()
  await expect(send(dripping, { limitMs: 200 })).rejects.toMatchObject({ retry: true })
  expect(Date.now() - begun).toBeLessThan(3000)
})

/** Who is notified: a real server on this machine that keeps what it gets, and answers as it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Issued } from './certificates.ts'

export interface Received {
  /** Whom the sender takes it for. */
  host: string
  path: string
  method: string
  headers: IncomingMessage['headers']
  body: string
}

/** `count` is how often it was asked at that path of that host, this time included. */
export type Behaviour = (response: ServerResponse, count: number, request: Received) => void

export interface Receiver {
  port: number
  received: Received[]
  at(path: string): Received[]
  /** Asked at each request; where it gives nothing, the answer is 200 and `ok`. */
  behave(choose: (request: Received) => Behaviour | undefined): void
  close(): void
}

export async function startReceiver(tls?: Issued): Promise<Receiver> {
  const received: Received[] = []
  let choose: (request: Received) => Behaviour | undefined = () => undefined

  async function answer(from: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of from) chunks.push(chunk as Buffer)
    const { method = '', url: path = '', headers } = from
    const request = { host: headers.host ?? '', path, method, headers, body: Buffer.concat(chunks).toString('utf8') }
    received.push(request)
    const same = received.filter((one) => one.path === path && one.host === request.host)
    const behave = choose(request)
    if (behave) behave(response, same.length, request)
    else response.end('ok')
  }

  const listener = (from: IncomingMessage, to: ServerResponse) => void answer(from, to).catch(() => to.destroy())
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    received,
    at: (path) => received.filter((one) => one.path === path),
    behave(next) {
      choose = next
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

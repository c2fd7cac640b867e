/** One port for both: a connection that begins as TLS is served, and any other is sent to where it is. */
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { type AddressInfo, createServer as createPort, type Socket } from 'node:net'
import type { KeyPair } from './certificate.ts'

export interface Listener {
  /** What a framework may take for its server. */
  server: TlsServer
  listen(place: { host: string; port: number }): Promise<number>
  /** New connections get it; those that are open keep theirs. */
  use(certificate: KeyPair): void
  /** Takes no more connections, and ends those that are open. */
  close(): Promise<void>
}

/** How long a client may take, and how many there may be at once: slow ones must not be in the way of others. */
export interface Limits {
  handshakeMs: number
  headersMs: number
  requestMs: number
  /** How often it is looked whether one has taken too long. */
  checkMs: number
  connections: number
}

export const usualLimits: Limits = {
  handshakeMs: 10_000,
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 2_000,
  connections: 5_000,
}

export function httpLimits({ headersMs, requestMs, checkMs }: Limits) {
  return { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkMs }
}

/** The first byte of a TLS handshake. */
const handshake = 0x16
/** Probes of a cluster come without TLS. */
const plainPaths = new Set(['/healthz', '/readyz'])

export function openListener(handle: RequestListener, certificate: KeyPair, limits = usualLimits): Listener {
  const { handshakeMs: handshakeTimeout } = limits
  const options = { ...certificate, ...httpLimits(limits), handshakeTimeout, minVersion: 'TLSv1.2' } as const
  const server = createTlsServer(options, handle)
  const plain = createPlainServer(httpLimits(limits), (request, response) => {
    const path = request.url?.split('?')[0] ?? '/'
    if (plainPaths.has(path)) handle(request, response)
    else redirect(request, response)
  })
  const sockets = new Set<Socket>()
  const port = createPort({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(limits.handshakeMs, () => socket.destroy())
    socket.once('readable', () => hand(socket, { server, plain }))
    socket.resume()
  })

  port.maxConnections = limits.connections
  // They only look after slow clients once they listen, which they never do themselves.
  for (const one of [server, plain]) one.emit('listening')

  return {
    server,
    use: (next) => server.setSecureContext({ ...next, minVersion: 'TLSv1.2' }),
    async listen(place) {
      await new Promise<void>((resolve, reject) => {
        port.once('error', reject)
        port.listen(place, resolve)
      })
      return (port.address() as AddressInfo).port
    },
    async close() {
      const closed = new Promise<void>((resolve) => port.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      for (const one of [server, plain]) one.close()
      await closed
    },
  }
}

function hand(
  socket: Socket,
  { server, plain }: { server: TlsServer; plain: ReturnType<typeof createPlainServer> },
): void {
  const first = socket.read(1) as Buffer | null
  if (first === null) return void socket.destroy()
  socket.setTimeout(0)
  socket.unshift(first)
  ;(first[0] === handshake ? server : plain).emit('connection', socket)
}

function redirect({ url = '/', headers }: IncomingMessage, response: ServerResponse): void {
  // Only what can stand in an address; a header must not be split by it.
  const host = /^[\w.:[\]-]+$/.test(headers.host ?? '') ? headers.host : undefined
  if (!host) return void response.writeHead(400).end()
  response.writeHead(307, { location: new URL(`https://${host}${url.startsWith('/') ? url : '/'}`).href }).end()
}

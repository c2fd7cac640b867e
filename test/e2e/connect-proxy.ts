/** A proxy for tests: tunnels with CONNECT, forwards what is not encrypted, and asks who one is where it is told to. */
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'

export interface TestProxy {
  port: number
  /** `HOST:PORT` of everything that somebody was led to. */
  connected: string[]
  /** What they have proved themselves with, refused or not. */
  proofs: string[]
  close(): Promise<void>
}

export interface ProxyOptions {
  /** The value of Proxy-Authorization that it admits; absent: anybody. */
  admits?: string
  /** Ports of this machine that names stand for, which need not exist. */
  names?: Record<string, number>
}

export async function startProxy({ admits, names = {} }: ProxyOptions = {}): Promise<TestProxy> {
  const sockets = new Set<Duplex>()
  const proxy: TestProxy = {
    port: 0,
    connected: [],
    proofs: [],
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  function isAdmitted({ headers }: IncomingMessage, place: string): boolean {
    const proof = headers['proxy-authorization']
    if (proof !== undefined) proxy.proofs.push(proof)
    if (admits !== undefined && proof !== admits) return false
    proxy.connected.push(place)
    return true
  }

  const wayTo = (host: string, port: string) =>
    names[host] === undefined ? { host, port: Number(port) } : { host: '127.0.0.1', port: names[host] }

  function forward(from: IncomingMessage, to: ServerResponse): void {
    const { hostname, port, pathname, search } = new URL(from.url ?? '')
    if (!isAdmitted(from, `${hostname}:${port || 80}`)) {
      to.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end()
      return
    }
    const { 'proxy-authorization': _proof, ...headers } = from.headers
    const options = { ...wayTo(hostname, port || '80'), method: from.method, path: pathname + search, headers }
    const sent = ask(options, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    })
    sent.on('error', () => to.destroy())
    from.pipe(sent)
  }

  const server = createServer(forward)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('connect', (request, socket) => {
    const place = request.url ?? ''
    socket.on('error', () => socket.destroy())
    if (!isAdmitted(request, place)) {
      const head = 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n'
      socket.end(`${head}Content-Length: 0\r\nConnection: close\r\n\r\n`)
      return
    }
    const [host = '', port = ''] = place.split(':')
    const onward = connect(wayTo(host, port), () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(onward)
      onward.pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.port = (server.address() as AddressInfo).port
  return proxy
}

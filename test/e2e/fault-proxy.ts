/** Stands between a controller and an API server, and does to it what networks and servers do on bad days. */
import { createServer, type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http'
import { Agent, request as tlsRequest } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterCredentials } from '../../src/kube/credentials.ts'

export const faults = ['restart', 'errors', 'lost answers', 'throttling', 'slowness', 'dropped watches'] as const
export type Fault = (typeof faults)[number]

export interface FaultProxy {
  /** Speaks HTTP, and signs in to the API server by itself. */
  url: string
  /** Resolves when it is over. */
  inflict(fault: Fault, ms: number): Promise<void>
  /** Requests that a fault has met so far. */
  readonly struck: number
  close(): Promise<void>
}

export async function startFaultProxy(credentials: ClusterCredentials, random: () => number): Promise<FaultProxy> {
  const upstream = new URL(credentials.server)
  const { certificate } = await credentials.authenticate({ renew: false })
  const agent = new Agent({ keepAlive: true, ca: credentials.ca, cert: certificate?.cert, key: certificate?.key })
  const active = new Set<Fault>()
  const sockets = new Set<Socket>()
  const watches = new Set<ServerResponse>()
  let struck = 0

  async function forward(from: IncomingMessage, to: ServerResponse, loseAnswer: boolean): Promise<void> {
    const { headers } = await credentials.authenticate({ renew: false })
    const call = upstream.protocol === 'https:' ? tlsRequest : plainRequest
    const options = {
      host: upstream.hostname,
      port: upstream.port,
      method: from.method,
      path: `${upstream.pathname.replace(/\/+$/, '')}${from.url}`,
      headers: { ...from.headers, ...headers, host: upstream.host },
      ...(upstream.protocol === 'https:' && { agent }),
    }
    const sent = call(options, (answer) => {
      if (loseAnswer) {
        answer.resume()
        to.destroy()
        return
      }
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      // A watch is accepted before its first event.
      to.flushHeaders()
      answer.pipe(to)
      answer.on('error', () => to.destroy())
    })
    sent.on('error', () => to.destroy())
    to.on('close', () => sent.destroy())
    from.pipe(sent)
  }

  /** True when the request has met its fate here. */
  function strike(to: ServerResponse): boolean {
    if (active.has('restart')) {
      to.destroy()
      return true
    }
    if (active.has('throttling') && random() < 0.5) {
      answerWith(to, 429, { 'retry-after': '1' })
      return true
    }
    if (active.has('errors') && random() < 0.4) {
      answerWith(to, random() < 0.5 ? 500 : 503)
      return true
    }
    return false
  }

  const server = createServer((from, to) => {
    const isWatch = from.url?.includes('watch=') ?? false
    if (isWatch) {
      watches.add(to)
      to.on('close', () => watches.delete(to))
    }
    void serve(from, to, isWatch)
  })

  async function serve(from: IncomingMessage, to: ServerResponse, isWatch: boolean): Promise<void> {
    if (active.has('slowness')) {
      struck++
      await sleep(random() * 1500)
    }
    if (strike(to)) {
      struck++
      return
    }
    const loseAnswer = !isWatch && active.has('lost answers') && random() < 0.4
    if (loseAnswer) struck++
    await forward(from, to, loseAnswer).catch(() => to.destroy())
  }

  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async inflict(fault, ms) {
      if (fault === 'dropped watches') {
        struck += watches.size
        for (const watch of watches) watch.destroy()
        return
      }
      if (fault === 'restart') for (const socket of sockets) socket.destroy()
      active.add(fault)
      await sleep(ms)
      active.delete(fault)
    },
    get struck() {
      return struck
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      agent.destroy()
    },
  }
}

function answerWith(to: ServerResponse, code: number, headers: Record<string, string> = {}): void {
  const reason = code === 429 ? 'TooManyRequests' : code === 503 ? 'ServiceUnavailable' : 'InternalError'
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: `injected: ${reason}`, reason, code }
  to.writeHead(code, { 'content-type': 'application/json', ...headers })
  to.end(JSON.stringify(status))
}

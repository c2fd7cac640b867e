/** Stands before a cluster: lets everything through, or nothing, or keeps what it has, or answers by half. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { SandboxCluster } from './sandbox-cluster.ts'

export interface ClusterGate {
  url: string
  /** Requests that came since the gate was frozen. */
  readonly held: number
  /** Paths of all requests. */
  readonly asked: string[]
  /** Connections are taken and nothing is ever said. */
  freeze(): void
  thaw(): void
  /** Of answers to what matches, only a half is sent. */
  cut(path: RegExp | undefined): void
  /** What matches is taken and not answered. */
  swallow(path: RegExp | undefined): void
  /** Nobody listens. */
  shut(): Promise<void>
  open(): Promise<void>
  close(): Promise<void>
}

export async function startClusterGate({ credentials }: SandboxCluster): Promise<ClusterGate> {
  const upstream = new URL(credentials.server)
  const agent = new Agent({ keepAlive: true, ca: credentials.ca })
  const sockets = new Set<Socket>()
  const streams = new Set<{ answer: IncomingMessage; to: ServerResponse }>()
  const waiting: (() => void)[] = []
  const asked: string[] = []
  let frozen = false
  let cut: RegExp | undefined
  let swallow: RegExp | undefined
  let port = 0
  let server = createServer(serve)

  function serve(from: IncomingMessage, to: ServerResponse): void {
    asked.push(from.url ?? '')
    if (swallow?.test(from.url ?? '')) return
    if (frozen) waiting.push(() => forward(from, to))
    else forward(from, to)
  }

  function forward(from: IncomingMessage, to: ServerResponse): void {
    const { hostname: host, port } = upstream
    const headers = { ...from.headers, host: upstream.host }
    const sent = request({ host, port, agent, method: from.method, path: from.url, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      to.flushHeaders()
      if (cut?.test(from.url ?? '')) return void sendHalf(answer, to)
      const stream = { answer, to }
      streams.add(stream)
      to.on('close', () => streams.delete(stream))
      answer.on('error', () => to.destroy())
      if (!frozen) answer.pipe(to)
    })
    sent.on('error', () => to.destroy())
    to.on('close', () => sent.destroy())
    from.pipe(sent)
  }

  async function sendHalf(answer: IncomingMessage, to: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk as Buffer)
    const all = Buffer.concat(chunks)
    to.write(all.subarray(0, Math.floor(all.length / 2)), () => to.destroy())
  }

  async function listen(): Promise<void> {
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }

  async function shut(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await listen()

  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    get held() {
      return waiting.length
    },
    freeze() {
      frozen = true
      for (const { answer, to } of streams) answer.unpipe(to)
    },
    thaw() {
      frozen = false
      for (const { answer, to } of streams) answer.pipe(to)
      for (const go of waiting.splice(0)) go()
    },
    cut(path) {
      cut = path
    },
    swallow(path) {
      swallow = path
    },
    shut,
    async open() {
      server = createServer(serve)
      await listen()
    },
    async close() {
      if (server.listening) await shut()
      agent.destroy()
    },
  }
}

/** Whether the process lives and is ready, on a port for nobody but the node's kubelet: what others ask of other ports cannot be in its way. */
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface ProbeServer {
  url: string
  close(): Promise<void>
}

export interface ProbeInputs {
  /** What is not ready. */
  problems(): string[]
  log: { warn(fields: object, message: string): void }
}

/** A kubelet has one at a time. Where there are more, the oldest goes: whoever comes is heard. */
const mostConnections = 64

/** Rejects when the port cannot be had. */
export async function openProbeServer(
  { host, port }: { host: string; port: number },
  { problems, log }: ProbeInputs,
): Promise<ProbeServer> {
  let told = ''
  function readiness(): { code: number; text: string } {
    const found = problems()
    // Addresses and names stand in them: who asks is told how many there are.
    if (found.join() !== told && found.length > 0) log.warn({ problems: found }, 'not ready')
    told = found.join()
    if (found.length === 0) return { code: 200, text: 'ok' }
    return { code: 503, text: `not ready: ${found.length} problems, which the log tells` }
  }
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const path = request.url?.split('?')[0]
    const isHealth = path === '/healthz'
    const known = isHealth ? { code: 200, text: 'ok' } : { code: 404, text: 'there is nothing here' }
    const { code, text } = path === '/readyz' ? readiness() : known
    response.writeHead(code, { 'content-type': 'text/plain', connection: 'close' }).end(text)
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const [oldest] = sockets
    if (sockets.size <= mostConnections || !oldest) return
    sockets.delete(oldest)
    oldest.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

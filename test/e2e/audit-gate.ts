/** Stands before a cluster for one account: tells of each write before it is passed on. For clusters whose audit log is not ours. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { ClusterCredentials } from '../../src/kube/credentials.ts'

export interface Write {
  /** As in an audit log. */
  verb: string
  resource: string
  namespace: string
  /** Empty for what is made: the request is about the collection. */
  name: string
}

export interface AuditGate {
  url: string
  close(): Promise<void>
}

const verbs: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }
const path = /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/[^/]+)?$/

/** Undefined for what changes nothing. */
export function writeOf(method: string, url: string): Write | undefined {
  const { pathname, searchParams } = new URL(url, 'http://gate')
  const verb = verbs[method]
  const [, namespace = '', resource = '', name = ''] = path.exec(pathname) ?? []
  if (!verb || resource === '' || searchParams.has('dryRun')) return undefined
  return { verb, resource, name, namespace: resource === 'namespaces' ? name : namespace }
}

export async function startAuditGate(
  { server: address, ca }: Pick<ClusterCredentials, 'server' | 'ca'>,
  heed: (write: Write) => Promise<void>,
): Promise<AuditGate> {
  const upstream = new URL(address)
  const agent = new Agent({ keepAlive: true, ...(ca && { ca }) })
  const sockets = new Set<Socket>()

  async function serve(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const write = writeOf(from.method ?? '', from.url ?? '')
    if (write) await heed(write)
    const { hostname: host, port } = upstream
    const headers = { ...from.headers, host: upstream.host }
    const sent = request({ host, port, agent, method: from.method, path: from.url, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      to.flushHeaders()
      answer.on('error', () => to.destroy())
      answer.pipe(to)
    })
    sent.on('error', () => to.destroy())
    to.on('close', () => sent.destroy())
    from.pipe(sent)
  }

  const gate = createServer((from, to) => void serve(from, to).catch(() => to.destroy()))
  gate.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => gate.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      agent.destroy()
    },
  }
}

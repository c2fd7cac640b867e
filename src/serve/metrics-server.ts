/** Metrics on a port of their own, as in Argo CD: they name applications and repositories, and whoever reads them brings no token. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MetricsServer {
  url: string
  close(): Promise<void>
}

/** Far more than anybody has that scrapes. */
const mostConnections = 50

/** Rejects when the port cannot be had. */
export async function openMetricsServer(
  { host, port }: { host: string; port: number },
  read: () => Promise<{ contentType: string; text: string }>,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, async (request, response) => {
    const isMeant = request.method === 'GET' && request.url?.split('?')[0] === '/metrics'
    if (!isMeant)
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('the metrics are at /metrics')
    const found = await read().catch(() => undefined)
    if (!found) return void response.writeHead(503).end()
    response.writeHead(200, { 'content-type': found.contentType }).end(found.text)
  })
  server.maxConnections = mostConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

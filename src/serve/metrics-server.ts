/** Metrics on a port of their own, as in Argo CD: they name applications and repositories, and whoever reads them brings no token. Probes too, for processes without the API. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MetricsServer {
  url: string
  close(): Promise<void>
}

export interface MetricsInputs {
  metrics(): Promise<{ contentType: string; text: string }>
  /** What is not ready. */
  problems(): string[]
}

interface Answer {
  code: number
  contentType?: string
  text: string
}

async function answerTo(path: string | undefined, { metrics, problems }: MetricsInputs): Promise<Answer> {
  if (path === '/healthz') return { code: 200, text: 'ok' }
  if (path === '/readyz') {
    const count = problems().length
    return count === 0 ? { code: 200, text: 'ok' } : { code: 503, text: `not ready: ${count} problems` }
  }
  if (path !== '/metrics') return { code: 404, text: 'the metrics are at /metrics' }
  return metrics().then(
    (found) => ({ code: 200, ...found }),
    () => ({ code: 503, text: '' }),
  )
}

/** Far more than anybody has that scrapes. */
const mostConnections = 50

/** Rejects when the port cannot be had. */
export async function openMetricsServer(
  { host, port }: { host: string; port: number },
  { metrics, problems }: MetricsInputs,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, async (request, response) => {
    const path = request.method === 'GET' ? request.url?.split('?')[0] : undefined
    const answer = await answerTo(path, { metrics, problems })
    response.writeHead(answer.code, { 'content-type': answer.contentType ?? 'text/plain' }).end(answer.text)
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

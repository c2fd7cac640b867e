/** The HTTP side of the process: whether it lives, whether it is ready, and its metrics. */
import { fastify } from 'fastify'

export interface ServerOptions {
  host: string
  port: number
  /** What keeps the process from doing its work; empty when it is ready. */
  problems(): string[]
  /** Prometheus' text format. */
  metrics(): Promise<{ contentType: string; text: string }>
}

export interface Server {
  url: string
  close(): Promise<void>
}

export async function startServer({ host, port, problems, metrics }: ServerOptions): Promise<Server> {
  const app = fastify({ bodyLimit: 64 * 1024, requestTimeout: 30_000 })
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok'))
  app.get('/readyz', (_request, reply) => {
    const found = problems()
    return reply
      .code(found.length > 0 ? 503 : 200)
      .type('text/plain')
      .send(found.length > 0 ? found.join('\n') : 'ok')
  })
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics()
    return reply.type(contentType).send(text)
  })
  const url = await app.listen({ host, port })
  return { url, close: () => app.close() }
}

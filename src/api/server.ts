/** The HTTP side of the process: the REST API, whether the process lives and is ready, and its metrics. */
import rateLimit from '@fastify/rate-limit'
import { type FastifyInstance, fastify } from 'fastify'
import type { Access } from '../access/index.ts'
import type { Oidc } from '../access/oidc/index.ts'
import { allRoutes, openApi } from '../contract/index.ts'
import { messageOf, parseJson, stringifyJson } from '../model/index.ts'
import type { Log } from '../reconcile/stages.ts'
import { ApiError, asApiError } from './api-error.ts'
import { refuseCrossSite } from './cross-site.ts'
import type { Handler } from './handler.ts'
import { securityHeaders, strictTransport } from './security-headers.ts'
import { sendError, serveRoutes } from './serve-routes.ts'
import { ssoRoutes } from './sso/sso-routes.ts'
import { tokenOf } from './token.ts'

export interface ServerOptions {
  host: string
  port: number
  version: string
  handlers: Handler[]
  access: Access
  oidc: Oidc
  log: Log
  /** What keeps the process from doing its work; empty when it is ready. */
  problems(): string[]
  /** Prometheus' text format. */
  metrics(): Promise<{ contentType: string; text: string }>
}

export interface Server {
  url: string
  close(): Promise<void>
}

const bodyLimit = 8 * 1024 * 1024
/** Of one address: more than any client needs, and less than it takes to be in others' way. */
const requestsPerMinute = 6000
/** Repository addresses stand in paths, encoded. */
const longestParameter = 4096

export async function startServer(options: ServerOptions): Promise<Server> {
  const app = fastify({
    bodyLimit,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: longestParameter },
    // Streams end with the server; they are not waited for.
    forceCloseConnections: true,
    genReqId: () => crypto.randomUUID(),
  })
  await app.register(rateLimit, { max: requestsPerMinute, timeWindow: '1 minute' })
  readJsonExactly(app)
  guard(app)
  answerErrors(app, options.log)
  serveProbes(app, options)
  ssoRoutes(app, { ...options, signOut: (token) => options.access.signOut(token) })
  serveRoutes(app, options.handlers, {
    callerOf: (request) => options.access.callerOf(tokenOf(request)?.token),
    enforcerOf: (caller) => options.access.enforcerOf(caller),
  })
  const document = stringifyJson(openApi(allRoutes(), options.version))
  app.get('/swagger.json', (_request, reply) => reply.type('application/json').send(document))
  const url = await app.listen({ host: options.host, port: options.port })
  return { url, close: () => app.close() }
}

/** Integers of any length stay what they are, on their way to the cluster. */
function readJsonExactly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, text: string) => {
    if (text.trim() === '') return undefined
    try {
      return parseJson(text)
    } catch (cause) {
      throw new ApiError('InvalidArgument', `the body is not JSON: ${messageOf(cause)}`, { cause })
    }
  })
}

function guard(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    if (request.protocol === 'https') reply.header(...strictTransport)
    refuseCrossSite({ method: request.method, headers: request.headers }, tokenOf(request)?.byCookie === true)
  })
}

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const { code } = asApiError(error)
    if (code === 'Internal') {
      log.error({ request: request.id, path: request.routeOptions.url, error: stackOf(error) }, 'a request has failed')
    }
    return sendError(error, reply)
  })
  app.setNotFoundHandler((_request, reply) => sendError(new ApiError('NotFound', 'there is nothing here'), reply))
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function serveProbes(app: FastifyInstance, { problems, metrics }: ServerOptions): void {
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
}

/** The HTTP side of the process: the REST API, and whether the process lives and is ready. */
import type { Server as HttpServer, RequestListener } from 'node:http'
import rateLimit from '@fastify/rate-limit'
import { type FastifyInstance, fastify } from 'fastify'
import { type Access, AccessError, type Caller, networkOf } from '../access/index.ts'
import { allRoutes, openApi } from '../contract/index.ts'
import { messageOf, stringifyJson } from '../model/index.ts'
import type { Log } from '../reconcile/stages.ts'
import type { Tracer } from '../trace/index.ts'
import { ApiError, asApiError } from './api-error.ts'
import { refuseCrossSite } from './cross-site.ts'
import { parseGivenJson } from './given-json.ts'
import type { Handler } from './handler.ts'
import { InFlight } from './in-flight.ts'
import { refuseUnknownRoutes } from './known-routes.ts'
import { securityHeaders, strictTransport } from './security-headers.ts'
import { sendError, serveRoutes } from './serve-routes.ts'
import type { KeyPair } from './tls/certificate.ts'
import { httpLimits, type Listener, openListener, usualLimits } from './tls/listener.ts'
import { tokenOf } from './token.ts'

export interface ServerOptions {
  host: string
  port: number
  /** Without one, connections are not encrypted. */
  certificate?: KeyPair
  /** Addresses of proxies in front that are believed when they say whose request it is. */
  trustedProxies?: string[]
  version: string
  handlers: Handler[]
  /** What is served besides the contract, such as pages to sign in. */
  more(app: FastifyInstance, stopping: AbortSignal): Promise<void>
  access: Access
  tracer: Tracer
  log: Log
  /** What keeps the process from doing its work; empty when it is ready. */
  problems(): string[]
}

export interface Server {
  url: string
  /** New connections get it; only where the server was started with one. */
  useCertificate(certificate: KeyPair): void
  /** Lets what is being answered end, for a few seconds. */
  close(): Promise<void>
}

/** How long a server that stops waits for what is being answered. */
const graceMs = 5_000
const bodyLimit = 8 * 1024 * 1024
/** Of one address: more than any client needs, and less than it takes to be in others' way. */
const requestsPerMinute = 6000
/** Repository addresses stand in paths, encoded. */
const longestParameter = 4096

export async function startServer(options: ServerOptions): Promise<Server> {
  const { host, port, certificate } = options
  const requests = new InFlight()
  let listener: Listener | undefined
  const encrypted = (pair: KeyPair) => (handle: RequestListener) => {
    listener = openListener(handle, pair)
    // To the framework it makes no difference.
    return listener.server as unknown as HttpServer
  }
  const app = fastify({
    bodyLimit,
    requestTimeout: usualLimits.requestMs,
    http: httpLimits(usualLimits),
    routerOptions: { maxParamLength: longestParameter },
    forceCloseConnections: true,
    // For addresses that cannot be read, no hook is asked.
    frameworkErrors: (error, _request, reply) => void sendError(error, reply.headers(securityHeaders)),
    genReqId: () => crypto.randomUUID(),
    trustProxy: options.trustedProxies ?? false,
    ...(certificate && { serverFactory: encrypted(certificate) }),
  })
  app.server.maxConnections = usualLimits.connections
  await assemble(app, { ...options, requests })
  await app.ready()
  const url = listener
    ? `https://${authority(host, await listener.listen({ host, port }))}`
    : await app.listen({ host, port })
  return {
    url,
    useCertificate: (next) => listener?.use(next),
    async close() {
      await requests.drain(graceMs)
      await listener?.close()
      await app.close()
    },
  }
}

function authority(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function assemble(app: FastifyInstance, options: ServerOptions & { requests: InFlight }): Promise<void> {
  const { access, requests, tracer } = options
  refuseUnknownRoutes(app)
  await app.register(rateLimit, { max: requestsPerMinute, timeWindow: '1 minute', keyGenerator: networkKey })
  app.addHook('onRequest', async (_request, reply) => {
    requests.enter()
    reply.raw.once('close', () => requests.leave())
  })
  readJsonExactly(app)
  guard(app)
  answerErrors(app, options.log)
  serveProbes(app, options)
  await options.more(app, requests.stopping)
  serveRoutes(app, options.handlers, {
    stopping: requests.stopping,
    callerOf: (token) => callerOf(access, token),
    enforcerOf: (caller) => access.enforcerOf(caller),
    tracer,
  })
  const document = stringifyJson(openApi(allRoutes(), options.version))
  app.get('/swagger.json', (_request, reply) => reply.type('application/json').send(document))
}

/** Whoever has one address of a network has all of them. Of a client that has gone by now there is none. */
function networkKey({ ip }: { ip: string | undefined }): string {
  return networkOf(ip ?? '')
}

/** undefined: no token was given, and nobody is let in without one. */
async function callerOf(access: Access, token: string | undefined): Promise<Caller | undefined> {
  try {
    return await access.callerOf(token)
  } catch (error) {
    if (token === undefined && error instanceof AccessError) return undefined
    throw error
  }
}

/** Integers of any length stay what they are, on their way to the cluster. */
function readJsonExactly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, text: string) => {
    if (text.trim() === '') return undefined
    try {
      return parseGivenJson(text)
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
    if (error instanceof AccessError && error.kind === 'unauthenticated') {
      log.info({ request: request.id, address: request.ip, reason: error.reason }, 'somebody was not let in')
    }
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

function serveProbes(app: FastifyInstance, { problems, log }: ServerOptions): void {
  let told = ''
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok'))
  app.get('/readyz', (_request, reply) => {
    const found = problems()
    const count = found.length
    // Addresses and names stand in them: who may ask here is told how many there are.
    if (found.join() !== told && count > 0) log.warn({ problems: found }, 'not ready')
    told = found.join()
    const text = count > 0 ? `not ready: ${count} problems, which the log tells` : 'ok'
    return reply
      .code(count > 0 ? 503 : 200)
      .type('text/plain')
      .send(text)
  })
}

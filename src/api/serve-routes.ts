/** Puts the routes of the contract on the server: who asks, is the request sound, is it permitted, and the answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { anonymous, type Caller, type Enforcer } from '../access/index.ts'
import { allRoutes, type Route, wideName } from '../contract/index.ts'
import { stringifyJson } from '../model/index.ts'
import { makeWay } from '../process/fair-turn.ts'
import type { Span, Tracer } from '../trace/index.ts'
import { ApiError, asApiError } from './api-error.ts'
import { Call } from './call.ts'
import type { Handler } from './handler.ts'
import { fastifyPath } from './known-routes.ts'
import { inputReader } from './read-input.ts'
import { sendStream, streamFormat } from './stream.ts'
import { type GivenToken, tokenOf } from './token.ts'

export interface Gate {
  /** Aborted when the server stops: streams end by it. */
  stopping: AbortSignal
  /** Throws for a token that is no good. undefined: none was given, and nobody is let in without one. */
  callerOf(token: string | undefined): Promise<Caller | undefined>
  enforcerOf(caller: Caller): Enforcer
  tracer: Tracer
}

/** Of what anybody may send: a name and a password, at the most. */
const publicBodyLimit = 64 * 1024

export function serveRoutes(app: FastifyInstance, handlers: Handler[], gate: Gate): void {
  for (const route of allRoutes()) serveRoute(app, handlerOf(route, handlers), gate)
}

function handlerOf(route: Route, handlers: Handler[]): Handler {
  const found = handlers.filter((one) => one.route.id === route.id)
  const [only] = found
  if (!only || found.length > 1) throw new Error(`${found.length} handlers serve ${route.id}`)
  return only
}

function serveRoute(app: FastifyInstance, { route, handle }: Handler, gate: Gate): void {
  const read = inputReader(route)
  const callers = new WeakMap<FastifyRequest, { given: GivenToken | undefined; caller: Caller | undefined }>()

  /** Where anybody may call, the cookie of a session that has ended is no obstacle: browsers send it along. */
  async function callerFor({ permission }: Route, given: GivenToken | undefined): Promise<Caller | undefined> {
    if (permission === 'public' && given?.byCookie) return gate.callerOf(given.token).catch(() => undefined)
    const caller = await gate.callerOf(given?.token)
    if (permission === 'public') return caller
    if (!caller) throw new ApiError('Unauthenticated', 'no session information')
    return caller
  }

  async function callOf(request: FastifyRequest, reply: FastifyReply): Promise<Call> {
    const { given, caller } = callers.get(request) ?? {}
    const { query, body } = read({ query: request.query, body: request.body })
    return new Call({
      route,
      params: paramsOf(route, request) as never,
      query: query as never,
      body: body as never,
      caller: caller ?? anonymous,
      enforcer: gate.enforcerOf(caller ?? anonymous),
      address: request.ip,
      isEncrypted: request.protocol === 'https',
      token: given?.token,
      requestId: request.id,
      signal: endingSignal(reply, gate.stopping),
    })
  }

  /** Of a stream, until it begins. */
  async function answered(request: FastifyRequest, reply: FastifyReply, span: Span) {
    try {
      const call = await callOf(request, reply)
      const answer = await handle(call)
      checkAsked(call)
      span.set({ 'http.response.status_code': 200 })
      return { call, answer }
    } catch (error) {
      const { status } = asApiError(error)
      span.set({ 'http.response.status_code': status })
      throw error
    }
  }

  /** Of somebody who is not let in there is no trace. */
  function beginningOf({ id, headers }: FastifyRequest) {
    return {
      kind: 'server' as const,
      attributes: { 'http.request.method': route.method, 'http.route': route.path, 'tiphys.request': id },
      parent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
    }
  }

  app.route({
    method: route.method,
    url: fastifyPath(route.path),
    exposeHeadRoute: !route.streams,
    ...(route.permission === 'public' && { bodyLimit: publicBodyLimit }),
    // Before the body is read: of somebody unknown it would be read for nothing.
    async onRequest(request) {
      // Requests that come together are not answered in one go: what else happens has its turn between them.
      await makeWay()
      const given = tokenOf(request)
      callers.set(request, { given, caller: await callerFor(route, given) })
    },
    async handler(request, reply) {
      const { call, answer } = await gate.tracer.trace(`${route.method} ${route.path}`, beginningOf(request), (span) =>
        answered(request, reply, span),
      )
      reply.headers(call.answerHeaders)
      if (route.streams) return startStream(call, answer as AsyncIterable<unknown>, { request, reply })
      return reply.type('application/json').send(answer instanceof Buffer ? answer : stringifyJson(answer))
    },
  })
}

/** A handler that forgot to ask would answer everybody. */
function checkAsked(call: Call): void {
  if (!call.hasAsked) throw new Error(`${call.route.id} has answered without asking for ${call.route.permission}`)
}

async function startStream(
  { signal, answersText }: Call,
  messages: AsyncIterable<unknown>,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  reply.hijack()
  const format = answersText ? 'text' : streamFormat(request.headers.accept)
  await sendStream(reply.raw, messages, { format, headers: reply.getHeaders(), signal })
  return reply
}

/** By hand: of each signal that `AbortSignal.any` makes of one that lives long, Node 20 keeps something for ever. */
function endingSignal(reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const ending = new AbortController()
  const stop = () => ending.abort(stopping.reason)
  stopping.addEventListener('abort', stop, { once: true })
  reply.raw.once('close', () => {
    stopping.removeEventListener('abort', stop)
    ending.abort(new Error('the client has gone'))
  })
  if (stopping.aborted) stop()
  return ending.signal
}

function paramsOf({ path }: Route, { params }: FastifyRequest): Record<string, string> {
  const { '*': rest, ...named } = params as Record<string, string>
  const wide = wideName(path)
  return wide === undefined ? named : { ...named, [wide]: rest ?? '' }
}

export function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  const { status, body } = asApiError(error)
  return reply.code(status).type('application/json').send(stringifyJson(body))
}

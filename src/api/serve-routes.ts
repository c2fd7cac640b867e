/** Puts the routes of the contract on the server: who asks, is the request sound, is it permitted, and the answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Enforcer } from '../access/index.ts'
import { allRoutes, type Route } from '../contract/index.ts'
import { stringifyJson } from '../model/index.ts'
import { ApiError, asApiError } from './api-error.ts'
import { Call } from './call.ts'
import type { Handler } from './handler.ts'
import { inputReader } from './read-input.ts'
import { sendStream, streamFormat } from './stream.ts'
import { tokenOf } from './token.ts'

export interface Gate {
  /** Throws Unauthenticated for a token that is no good; without a token, whoever anonymous callers are. */
  callerOf(request: FastifyRequest): Promise<Caller | undefined>
  enforcerOf(caller: Caller): Enforcer
}

/** In the place of a caller who has not signed in, for routes that anybody may call. */
export const nobody: Caller = { kind: 'anonymous', name: '', issuer: '', groups: [] }

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

  async function callOf(request: FastifyRequest, reply: FastifyReply): Promise<Call> {
    const caller = await gate.callerOf(request)
    if (!caller && route.permission !== 'public') throw new ApiError('Unauthenticated', 'no session information')
    const { query, body } = read({ query: request.query, body: request.body })
    return new Call({
      route,
      params: request.params as never,
      query: query as never,
      body: body as never,
      caller: caller ?? nobody,
      enforcer: gate.enforcerOf(caller ?? nobody),
      address: request.ip,
      token: tokenOf(request)?.token,
      requestId: request.id,
      signal: closedSignal(reply),
    })
  }

  app.route({
    method: route.method,
    url: fastifyPath(route.path),
    async handler(request, reply) {
      const call = await callOf(request, reply)
      const answer = await handle(call)
      checkAsked(call)
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

function closedSignal(reply: FastifyReply): AbortSignal {
  const closing = new AbortController()
  reply.raw.once('close', () => closing.abort(new Error('the client has gone')))
  return closing.signal
}

function fastifyPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

export function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  const { status, body } = asApiError(error)
  return reply.code(status).type('application/json').send(stringifyJson(body))
}

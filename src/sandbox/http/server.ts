/** The HTTPS server: reads requests to their end and sends answers; everything between is synchronous. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { authenticate } from '../access/authenticate.ts'
import { attributesOf, authorize } from '../access/authorize.ts'
import type { Attributes } from '../access/rbac.ts'
import type { Cluster } from '../lifecycle/cluster.ts'
import { protobufType, readProtobuf } from '../protobuf/body.ts'
import { methodNotAllowed } from '../refusal.ts'
import { StatusError } from '../status.ts'
import { toJson } from '../typed/json.ts'
import { bodyLimit } from './body.ts'
import { handleUpgrade } from './pod-streams.ts'
import { type ApiRequest, mediaType } from './request.ts'
import { sendAnswer, sendRefusal, warningHeaders } from './send.ts'
import { serve } from './serve.ts'

/** One request as RBAC sees it, before it is known whether it is permitted. */
export type AuditEvent = Attributes & { user: string; dryRun: boolean }

export interface ServerOptions {
  port: number
  /** Is told of every request. */
  audit?: ((event: AuditEvent) => void) | undefined
  tls: { key: string; cert: string; ca: string }
  cluster: Cluster
}

export interface ApiServer {
  port: number
  close(): Promise<void>
}

function tooLarge(): StatusError {
  const message = `Request entity too large: limit is ${bodyLimit}`
  return new StatusError({ message, reason: 'RequestEntityTooLarge', code: 413 })
}

/** By events: an async iterator over the request costs more than the whole of a small write. */
function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyLimit) chunks.push(chunk)
    })
    request.on('error', reject)
    request.on('end', () => {
      if (size > bodyLimit) reject(tooLarge())
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
  })
}

/** Puts the body's text into the request; what comes in protobuf goes on as the JSON it stands for. */
async function readBody(request: IncomingMessage, asked: ApiRequest): Promise<void> {
  const bytes = await readBytes(request)
  if (bytes.length === 0 || mediaType(asked) !== protobufType) {
    asked.body = bytes.toString()
    return
  }
  asked.body = toJson(readProtobuf(bytes))
  asked.headers = { ...asked.headers, 'content-type': 'application/json' }
}

function refusalOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new StatusError({ message: `Internal error occurred: ${message}`, reason: 'InternalError', code: 500 })
}

async function handle(options: ServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { cluster } = options
  const { accept } = request.headers
  const warnings: string[] = []
  try {
    const user = authenticate(cluster, request)
    const url = request.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
    const method = request.method ?? 'GET'
    const asked: ApiRequest = { method, path, query, headers: request.headers, body: '', user, warnings }
    options.audit?.({ ...attributesOf(asked), user: user.name, dryRun: query.has('dryRun') })
    authorize(cluster, asked)
    if (method !== 'GET') await readBody(request, asked)
    const answer = serve(cluster, asked)
    // Nobody acts on what the disk may still refuse, whoever has written it
    await cluster.store.settled()
    if (warnings.length > 0) response.setHeader('warning', warningHeaders(warnings))
    sendAnswer(response, answer, { cluster, accept, include: query.get('includeObject') })
  } catch (error) {
    if (warnings.length > 0 && !response.headersSent) response.setHeader('warning', warningHeaders(warnings))
    sendRefusal(response, refusalOf(error), accept)
  }
}

/** Node refuses methods it does not know before anybody is asked; this is the answer to them. */
function unknownMethod(): string {
  const text = JSON.stringify(methodNotAllowed().status)
  const head = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close`
  return `HTTP/1.1 405 Method Not Allowed\r\n${head}\r\n\r\n${text}`
}

export async function startServer(options: ServerOptions): Promise<ApiServer> {
  const { key, cert, ca } = options.tls
  const server: Server = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: false })
  server.on('request', (request, response) => void handle(options, request, response))
  server.on('upgrade', (request, socket, head) => handleUpgrade(options.cluster, request, socket, head))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.writable)
      socket.end(error.code === 'HPE_INVALID_METHOD' ? unknownMethod() : 'HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

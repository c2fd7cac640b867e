/** A Git host over HTTPS for tests: `git http-backend` behind a server that asks who one is. */
import { spawn } from 'node:child_process'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { basename, dirname } from 'node:path'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Authority } from './certificates.ts'
import type { Repository } from './world.ts'

export interface GitHost {
  /** Of the repository. */
  url(repository: Repository): string
  port: number
  /** The Authorization headers of all requests so far. */
  heard: string[]
  /** What is asked from now on; undefined for nothing. */
  admits: (request: IncomingMessage) => boolean
  close(): Promise<void>
}

export interface GitHostOptions {
  authority: Authority
  admits?: GitHost['admits']
  /** Certificates of clients are asked for. */
  asksForCertificates?: boolean
  until?: Date
  /** In the place of Git. */
  answers?: RequestListener
}

export function basicOf(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

export function admitsHeader(value: string): GitHost['admits'] {
  return ({ headers }) => headers.authorization === value
}

export const admitsCertificate: GitHost['admits'] = ({ socket }) => (socket as TLSSocket).authorized

export async function startGitHost(options: GitHostOptions): Promise<GitHost> {
  const { authority, until, asksForCertificates = false, answers } = options
  const { cert, key } = await authority.server(until ? { until } : {})
  const sockets = new Set<Duplex>()
  const host: GitHost = {
    port: 0,
    heard: [],
    admits: options.admits ?? (() => true),
    url: ({ url }) => `https://localhost:${host.port}/${basename(url)}/.git`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  let root = ''
  const server: Server = createServer(
    { cert, key, ca: authority.cert, requestCert: asksForCertificates, rejectUnauthorized: false },
    (request, response) => {
      host.heard.push(request.headers.authorization ?? '')
      if (!host.admits(request)) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
      } else if (answers) answers(request, response)
      else backend(root, request, response)
    },
  )
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host.port = (server.address() as AddressInfo).port
  const { url } = host
  host.url = (repository) => {
    root = dirname(repository.url)
    repository.git('config', 'uploadpack.allowFilter', 'true')
    repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
    return url(repository)
  }
  return host
}

/** As CGI has it. */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://host')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  })
  request.pipe(child.stdin)
  child.stdin.on('error', () => {})
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('close', () => {
    const output = Buffer.concat(chunks)
    const end = output.indexOf('\r\n\r\n')
    for (const header of output.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = header.split(': ')
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10)
      else if (name !== '') response.setHeader(name, value)
    }
    response.end(output.subarray(end + 4))
  })
}

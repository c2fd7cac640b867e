/** A Git host over HTTPS for tests: `git http-backend` behind a server that asks who one is. */
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { basename, dirname } from 'node:path'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { answerAsGit } from '../../src/source/fixtures/git-backend.ts'
import { configure, hosted } from '../../src/source/fixtures/working-copy.ts'
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
  /** What it answers from now on; undefined: as Git does. */
  answers: RequestListener | undefined
  /** Shows another certificate from now on, also to those that are connected. */
  certify(authority: Authority, options?: { until?: Date }): Promise<void>
  close(): Promise<void>
}

export interface GitHostOptions {
  authority: Authority
  admits?: GitHost['admits']
  /** Certificates of clients are asked for. */
  asksForCertificates?: boolean
  until?: Date
  /** Of its certificate, beside localhost. */
  names?: string[]
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
  const { authority, until, names = [], asksForCertificates = false } = options
  const { cert, key } = await authority.server({ names, ...(until && { until }) })
  const sockets = new Set<Duplex>()
  const host: GitHost = {
    port: 0,
    heard: [],
    admits: options.admits ?? (() => true),
    answers: options.answers,
    async certify(authority, shown = {}) {
      server.setSecureContext(await authority.server({ names, ...shown }))
      for (const socket of sockets) socket.destroy()
    },
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
      } else if (host.answers) host.answers(request, response)
      else answerAsGit(root, request, response)
    },
  )
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host.port = (server.address() as AddressInfo).port
  const { url } = host
  const known = new Set<string>()
  host.url = (repository) => {
    root = dirname(repository.url)
    if (!known.has(repository.url)) configure(repository.url, hosted)
    known.add(repository.url)
    return url(repository)
  }
  return host
}

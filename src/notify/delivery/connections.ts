/** What requests go over: straight or through the proxy of the environment, and never to an address that is refused. */
import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { messageOf } from '../../model/index.ts'
import { DeliveryError, unusable } from './delivery-error.ts'

export interface ConnectionOptions {
  /** Whether an address belongs to this machine or link, and may not be connected to. */
  isRefused(ip: string): boolean
  timeLimitMs: number
  /** PEM of those that are trusted for an address, in the place of the system's. */
  authoritiesOf?(url: string): string | undefined
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY stand; no proxy unless given. */
  env?: Readonly<Record<string, string | undefined>>
}

export interface Connections {
  /** Throws a DeliveryError for what may not be connected to. */
  to(address: URL, options: { insecure: boolean }): Promise<Dispatcher>
  /** The same for a host that is spoken to in another way. */
  permitHost(host: string): Promise<void>
  close(): Promise<void>
}

type LookupCallback = (
  error: Error | null,
  address: string | { address: string; family: number }[],
  family?: number,
) => void

/** With the certificates that somebody trusts. */
type Way = Record<'straight' | 'usual', Dispatcher>

const mostWays = 50
/** A name that is not known here by then is known to the proxy alone. */
const lookupMs = 2000

export function openConnections(options: ConnectionOptions): Connections {
  const { isRefused, timeLimitMs, authoritiesOf = () => undefined, env = {} } = options
  const ways = new LRUCache<string, Way>({ max: mostWays, dispose: (way) => void end(way, 'close') })
  const [httpProxy, httpsProxy, noProxy] = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].map(
    (name) => env[name] || env[name.toLowerCase()] || '',
  )

  function wayWith(tls: { ca?: string; rejectUnauthorized?: boolean }): Way {
    const limits = { headersTimeout: timeLimitMs, bodyTimeout: timeLimitMs, pipelining: 0 }
    const connect = { timeout: timeLimitMs, lookup: guarded, ...tls }
    const straight = new Agent({ connect, ...limits })
    if (!httpProxy && !httpsProxy) return { straight, usual: straight }
    const proxies = { httpProxy: withScheme(httpProxy), httpsProxy: withScheme(httpsProxy), noProxy: noProxy ?? '' }
    const usual = new EnvHttpProxyAgent({ connect, requestTls: tls, proxyTunnel: false, ...limits, ...proxies })
    return { straight, usual }
  }

  function remember(name: string, way: Way): Way {
    ways.set(name, way)
    return way
  }

  /** At the moment of connecting, so that a name cannot change its mind in between. */
  function guarded(host: string, options: { all?: boolean }, callback: LookupCallback): void {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const refused = addresses.find(({ address }) => isRefused(address))
      if (refused) return callback(new Error(refusal(host, refused.address)), '', 0)
      if (options.all) return callback(null, addresses)
      const [first] = addresses
      return callback(null, first?.address ?? '', first?.family ?? 4)
    })
  }

  function refuseLiteral(host: string): void {
    const plain = withoutBrackets(host)
    if (isIP(plain) && isRefused(plain)) throw unusable(refusal(host, plain))
  }

  function permitHost(host: string): Promise<void> {
    refuseLiteral(host)
    return new Promise((resolve, reject) => {
      guarded(host, { all: true }, (error) => {
        if (!error) return resolve()
        reject(new DeliveryError(messageOf(error), { retry: !isRefusal(error), cause: error }))
      })
    })
  }

  /** Who connects is the proxy then, which may stand on this machine. */
  async function permitThroughProxy(host: string): Promise<void> {
    const unknown = (error: unknown): void => {
      if (isRefusal(error)) throw error
    }
    await Promise.race([permitHost(host).catch(unknown), sleep(lookupMs, undefined, { ref: false })])
  }

  return {
    async to(address, { insecure }) {
      const { hostname, href } = address
      refuseLiteral(hostname)
      const authorities = insecure ? undefined : authoritiesOf(href)
      const name = insecure ? 'insecure' : (authorities ?? '')
      const way = ways.get(name) ?? remember(name, wayWith(trust(insecure, authorities)))
      if (way.usual === way.straight || isLoopback(hostname)) return way.straight
      await permitThroughProxy(withoutBrackets(hostname))
      return way.usual
    },
    permitHost,
    async close() {
      await Promise.all([...ways.values()].map((way) => end(way, 'destroy')))
    },
  }
}

function trust(insecure: boolean, authorities: string | undefined) {
  if (insecure) return { rejectUnauthorized: false }
  return authorities ? { ca: authorities } : {}
}

function end(way: Way, how: 'close' | 'destroy'): Promise<unknown> {
  return Promise.all([...new Set(Object.values(way))].map((dispatcher) => dispatcher[how]()))
}

/** `HOST:PORT` alone is an HTTP proxy, as it is for Go and curl. */
function withScheme(proxy = ''): string {
  return proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`
}

/** No proxy leads back to this machine. */
function isLoopback(host: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|(.+\.)?localhost\.?)$/i.test(host)
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

function refusal(host: string, ip: string): string {
  return `${host} leads to ${ip} on this machine or link, which is refused: start Tiphys with --allow-local if that is wanted`
}

export function isRefusal(error: unknown): boolean {
  return /which is refused/.test(messageOf(error))
}

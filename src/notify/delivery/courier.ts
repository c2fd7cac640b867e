/** Carries requests to receivers: within a time, never to this machine or link unless allowed, and no further than the address says. */
import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import { Agent, request } from 'undici'
import { messageOf } from '../../model/index.ts'
import { DeliveryError, unusable } from './delivery-error.ts'

export interface HttpRequest {
  url: string
  method: string
  headers?: Record<string, string>
  body?: string
  /** The receiver's certificate is not checked. */
  insecure?: boolean
  /** Besides those of success; the answer is the caller's to judge. */
  accepts?: (status: number) => boolean
}

export interface HttpAnswer {
  status: number
  text: string
}

export interface Courier {
  /** Throws a DeliveryError for what is no success. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>
  /** Throws for a host that is this machine or link; the addresses to connect to otherwise. */
  permitHost(host: string): Promise<void>
  close(): Promise<void>
}

export interface CourierOptions {
  /** Whether an address belongs to this machine or link, and may not be connected to. */
  isRefused(ip: string): boolean
  timeLimitMs: number
}

const longestAnswer = 64 * 1024
const shownOfAnswer = 300

export function openCourier({ isRefused, timeLimitMs }: CourierOptions): Courier {
  const agents = [false, true].map((insecure) => {
    const connect = { timeout: timeLimitMs, lookup: guarded, ...(insecure && { rejectUnauthorized: false }) }
    return new Agent({ connect, headersTimeout: timeLimitMs, bodyTimeout: timeLimitMs, pipelining: 0 })
  })

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
    const plain = host.replace(/^\[|\]$/g, '')
    if (isIP(plain) && isRefused(plain)) throw unusable(refusal(host, plain))
  }

  return {
    async send({ url, method, headers = {}, body, insecure = false, accepts }, signal) {
      const address = addressOf(url)
      refuseLiteral(address.hostname)
      const limit = AbortSignal.timeout(timeLimitMs)
      try {
        const response = await request(address, {
          method: method as 'POST',
          headers,
          ...(body !== undefined && { body }),
          dispatcher: agents[insecure ? 1 : 0],
          signal: signal ? AbortSignal.any([signal, limit]) : limit,
        })
        const text = await beginning(response.body)
        const { statusCode: status } = response
        if (status < 300 || accepts?.(status)) return { status, text }
        throw refusedBy(address.host, { status, text, retryAfter: response.headers['retry-after'] })
      } catch (error) {
        throw unreachable(address.host, error, limit.aborted ? timeLimitMs : undefined)
      }
    },
    async permitHost(host) {
      refuseLiteral(host)
      await new Promise<void>((resolve, reject) => {
        guarded(host, { all: true }, (error) => {
          if (error)
            reject(new DeliveryError(messageOf(error), { retry: !/refused/.test(messageOf(error)), cause: error }))
          else resolve()
        })
      })
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.destroy()))
    },
  }
}

type LookupCallback = (
  error: Error | null,
  address: string | { address: string; family: number }[],
  family?: number,
) => void

function refusal(host: string, ip: string): string {
  return `${host} leads to ${ip} on this machine or link, which is refused: start Tiphys with --allow-local if that is wanted`
}

function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (!address || !['http:', 'https:'].includes(address.protocol)) {
    throw unusable('the address of the receiver is no http or https address: look at the configuration of the service')
  }
  return address
}

async function beginning(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= longestAnswer) break
  }
  return Buffer.concat(chunks).subarray(0, longestAnswer).toString('utf8')
}

interface Refused {
  status: number
  text: string
  retryAfter: string | string[] | undefined
}

/** Only the host is told: paths and queries of such addresses hold secrets. */
function refusedBy(host: string, { status, text, retryAfter }: Refused): DeliveryError {
  if (status >= 300 && status < 400) {
    throw unusable(`${host} answers with a redirect, which is not followed: give the service the final address`)
  }
  const shown = text.trim().slice(0, shownOfAnswer)
  const retryAfterMs = waitOf([retryAfter].flat()[0])
  return new DeliveryError(`${host} answered ${status}${shown === '' ? '' : `: ${shown}`}`, {
    retry: status >= 500 || status === 429 || status === 408,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

/** Seconds, or a date. */
function waitOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}

function unreachable(host: string, error: unknown, timeLimitMs: number | undefined): DeliveryError {
  if (error instanceof DeliveryError) return error
  const message = messageOf(error)
  const retry = !/which is refused/.test(message)
  const why = timeLimitMs === undefined ? message : `no answer within ${timeLimitMs / 1000} s`
  const advice = retry ? ': check that the receiver runs, and that the network leads there' : ''
  return new DeliveryError(`${host}: ${why}${advice}`, { retry, cause: error })
}

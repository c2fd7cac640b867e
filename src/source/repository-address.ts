/** Which repository addresses are acceptable, and what is shown of them. */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { StageError, withoutPassword } from '../model/index.ts'

export type Transport = 'local' | 'http' | 'ssh' | 'oci'

export interface RepositoryAddress {
  url: string
  transport: Transport
  /** Empty for local paths. */
  host: string
}

function refuse(url: string, why: string): StageError {
  return new StageError('source', `repoURL ${JSON.stringify(withoutPassword(url))} ${why}`, { retry: false })
}

/** Reads a repoURL; throws for what Git could mistake for an option, a command or another machine's door. */
export function parseAddress(url: string): RepositoryAddress {
  if (url === '') throw new StageError('source', 'repoURL is empty: give the address of a repository', { retry: false })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u0020\u007f]/.test(url)) throw refuse(url, 'contains blanks or control characters')
  // Where two programs see two hosts, or another path than the one that a project permits.
  if (url.includes('\\')) throw refuse(url, 'contains a backslash')
  if (url.startsWith('-') || /^[a-z][a-z0-9+.-]*::/i.test(url)) throw refuse(url, 'is not an address of a repository')
  if (url.startsWith('/')) return { url, transport: 'local', host: '' }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()
  if (scheme === 'file') return { url, transport: 'local', host: '' }
  if (/[/:](\.|%2e){2}(\/|$)/i.test(url.replace(/[?#].*$/s, '')))
    throw refuse(url, 'has .. in its path: write the path that is meant')
  if (scheme !== undefined) return parseUrl(url, scheme)
  const scp = /^(?:[\w.-]+@)?([\w.-]+|\[[0-9a-f:.]+\]):(?!\/\/)[^:]/i.exec(url)
  if (!scp?.[1]) throw refuse(url, 'is not an address: use https://HOST/PATH, ssh://HOST/PATH or USER@HOST:PATH')
  if (scp[1].startsWith('-')) throw refuse(url, 'names a host that starts with "-"')
  return { url, transport: 'ssh', host: scp[1].replace(/^\[|\]$/g, '') }
}

function parseUrl(url: string, scheme: string): RepositoryAddress {
  const transports: Record<string, Transport> = { https: 'http', http: 'http', ssh: 'ssh', oci: 'oci' }
  const transport = transports[scheme]
  if (!transport) throw refuse(url, `has the scheme ${scheme}: only https, http, ssh and oci are fetched from`)
  // Parsed as HTTP so that 2130706433 and 0x7f.1 are recognised as the addresses they are.
  const parsed = tryParse(url.replace(/^[^:]+/, 'http'))
  if (!parsed || /^[^:]+:\/\/(\/|$)/.test(url) || parsed.hostname === '' || parsed.hostname.startsWith('-'))
    throw refuse(url, 'names no valid host')
  return { url, transport, host: parsed.hostname.replace(/^\[|\]$/g, '') }
}

function tryParse(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}

/** Refuses this machine's own doors (disk, loopback, link-local with its metadata services) unless they are allowed. */
export async function checkReachable(address: RepositoryAddress, allowLocal: boolean): Promise<void> {
  if (allowLocal) return
  const advice = 'start Tiphys with --allow-local if repositories on this machine are wanted'
  if (address.transport === 'local') throw refuse(address.url, `is on the local disk, which is refused: ${advice}`)
  for (const ip of await addressesOf(address.host)) {
    if (isLocalIp(ip)) throw refuse(address.url, `leads to ${ip} on this machine or link, which is refused: ${advice}`)
  }
}

/** The same for what stands in between: whoever may name a proxy chooses whom Tiphys speaks to. */
export async function checkProxy(proxy: string | undefined, allowLocal: boolean): Promise<void> {
  if (!proxy || allowLocal) return
  const host = tryParse(proxy.replace(/^[^:/]+(?=:\/\/)/, 'http'))?.hostname.replace(/^\[|\]$/g, '')
  const refusal = (why: string): StageError =>
    new StageError('source', `the proxy ${withoutPassword(proxy)} ${why}`, { retry: false })
  if (!host) throw refusal('is no address: write http://HOST:PORT')
  for (const ip of await addressesOf(host)) {
    if (isLocalIp(ip))
      throw refusal(`leads to ${ip} on this machine or link: start Tiphys with --allow-local if it is wanted`)
  }
}

export async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host)) return [host]
  if (/(^|\.)localhost\.?$/i.test(host)) return ['127.0.0.1']
  // A name that does not resolve here may still resolve at the proxy; the program that connects reports it.
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}

export function isLocalIp(ip: string): boolean {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (v4) return /^(127\.|0\.|169\.254\.)/.test(v4)
  const mapped = /^::ffff:([0-9a-f]{1,4}):[0-9a-f]{1,4}$/i.exec(ip)?.[1]
  if (mapped) {
    const high = Number.parseInt(mapped, 16)
    return high >> 8 === 127 || high >> 8 === 0 || high === 0xa9fe
  }
  return ip === '::' || ip === '::1' || /^fe[89ab][0-9a-f]:/i.test(ip) || /^fd00:ec2:/i.test(ip)
}

/** Of an HTTP address, what it says before the host: a name and a password do not belong where addresses are shown. */
export function withoutUserinfo(url: string): { url: string; userinfo?: { username: string; password: string } } {
  const match = /^(https?:\/\/)([^/?#]*)@(.*)$/is.exec(url)
  if (!match) return { url }
  const [, scheme = '', userinfo = '', rest = ''] = match
  const [username = '', ...password] = userinfo.split(':')
  return { url: scheme + rest, userinfo: { username: decoded(username), password: decoded(password.join(':')) } }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The addresses that Tiphys is reached at, and where a login may lead back to. Pure. */
import { SsoError } from './sso-error.ts'

/** The first one is `url`, the others are `additionalUrls`. */
export type OwnUrls = readonly [string, ...string[]]

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

export function isLoopback({ hostname }: URL): boolean {
  return loopback.test(hostname)
}

/** Encrypted, or between two programs of one machine. */
export function isConfidential(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}

export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** The one whose host the browser has asked for, or `url`: a Host header can choose among ours, and add nothing. */
export function baseUrl(urls: OwnUrls, host: string | undefined): string {
  const found = urls.find((url) => new URL(url).host === host) ?? urls[0]
  return found.replace(/\/+$/, '')
}

export function callbackUrl(base: string): string {
  return `${base}/auth/callback`
}

/** Absolute, or from the root of the host; throws where it leads anywhere but below one of our addresses. */
export function returnUrl(given: string | undefined, { urls, base }: { urls: OwnUrls; base: string }): string {
  if (!given) return `${base}/`
  const target = URL.canParse(given, base) ? new URL(given, base) : undefined
  if (target && target.username === '' && target.password === '' && urls.some((url) => isBelow(target, new URL(url))))
    return target.href
  throw new SsoError('foreign address', 'the address to return to is not below url or additionalUrls of argocd-cm')
}

function isBelow(target: URL, { origin, pathname }: URL): boolean {
  const folder = pathname.endsWith('/') ? pathname : `${pathname}/`
  return target.origin === origin && `${target.pathname}/`.startsWith(folder)
}

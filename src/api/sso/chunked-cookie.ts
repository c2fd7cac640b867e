/** A value too long for one cookie, in several, as Argo CD splits it: `3:first`, `second`, `third`. Pure. */
import { type Cookies, stringifySetCookie } from 'cookie'

export interface CookieOptions {
  /** Only sent over encrypted connections; browsers take such a cookie over no other either. */
  secure: boolean
  /** Seconds; 0 ends it. Undefined: until the browser is closed. */
  maxAge?: number
}

/** Browsers take 4096 bytes, name and attributes among them. */
const longestPart = 3_800
/** Argo CD's. */
const mostParts = 20

const attributes = { path: '/', httpOnly: true, sameSite: 'lax' } as const

export function setCookie(name: string, value: string, { secure, maxAge }: CookieOptions): string {
  return stringifySetCookie({ name, value, ...attributes, secure, ...(maxAge !== undefined && { maxAge }) })
}

export function endCookie(name: string, secure: boolean): string {
  return setCookie(name, '', { secure, maxAge: 0 })
}

export function setChunkedCookie(name: string, value: string, secure: boolean): string[] {
  if (value.length <= longestPart) return [setCookie(name, value, { secure })]
  const parts = value.match(new RegExp(`.{1,${longestPart}}`, 'gs')) ?? []
  return parts.map((part, index) =>
    setCookie(partName(name, index), index === 0 ? `${parts.length}:${part}` : part, { secure }),
  )
}

/** Undefined when there is none, or not all of it. */
export function joinChunkedCookie(name: string, cookies: Cookies): string | undefined {
  const first = cookies[name]
  if (!first) return undefined
  const [, count, start = ''] = /^(\d{1,2}):(.*)$/s.exec(first) ?? []
  if (count === undefined) return first
  if (Number(count) > mostParts) return undefined
  const others = Array.from({ length: Number(count) - 1 }, (_, index) => cookies[partName(name, index + 1)])
  return others.some((part) => part === undefined) ? undefined : start + others.join('')
}

function partName(name: string, index: number): string {
  return index === 0 ? name : `${name}-${index}`
}

import { parseCookie, parseSetCookie } from 'cookie'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinChunkedCookie, setChunkedCookie, setCookie } from './chunked-cookie.ts'

const name = 'argocd.token'

function kept(cookies: string[]): string {
  return cookies.map((text) => text.split(';')[0]).join('; ')
}

test('a value of any length comes back as it was, in cookies that browsers take', () => {
  const value = fc
    .tuple(fc.stringMatching(/^[\w.-]{1,20}$/), fc.integer({ min: 1, max: 1_000 }))
    .map(([text, times]) => text.repeat(times))
  fc.assert(
    fc.property(value, (token) => {
      const cookies = setChunkedCookie(name, token, true)
      for (const cookie of cookies) expect(cookie.length).toBeLessThanOrEqual(4_096)
      expect(joinChunkedCookie(name, parseCookie(kept(cookies)))).toBe(token)
    }),
    { numRuns: 50 },
  )
})

test('scripts cannot read it, and other sites cannot have it sent', () => {
  for (const cookie of setChunkedCookie(name, 'x'.repeat(5_000), true))
    expect(parseSetCookie(cookie)).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/' })
  expect(parseSetCookie(setCookie(name, 'x', { secure: false }))).not.toHaveProperty('secure')
})

test('a value of which a part is missing is none', () => {
  const [first = '', ...others] = setChunkedCookie(name, 'x'.repeat(10_000), true)
  expect(others).toHaveLength(2)
  expect(joinChunkedCookie(name, parseCookie(kept([first, others[0] ?? ''])))).toBeUndefined()
  expect(joinChunkedCookie(name, parseCookie(kept(others)))).toBeUndefined()
  expect(joinChunkedCookie(name, { [name]: '99:x' })).toBeUndefined()
})

test('cookies are split as Argo CD splits them', () => {
  const cookies = { [name]: '3:a', [`${name}-1`]: 'b', [`${name}-2`]: 'c' }
  expect(joinChunkedCookie(name, cookies)).toBe('abc')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { baseUrl, type OwnUrls, returnUrl } from './own-urls.ts'

const urls: OwnUrls = ['https://a.example.com', 'https://b.example.com/argocd']
const base = 'https://a.example.com'

test.each([
  [undefined, 'https://a.example.com/'],
  ['', 'https://a.example.com/'],
  ['/applications?x=1#y', 'https://a.example.com/applications?x=1#y'],
  ['https://a.example.com', 'https://a.example.com/'],
  ['https://b.example.com/argocd', 'https://b.example.com/argocd'],
  ['https://b.example.com/argocd/applications', 'https://b.example.com/argocd/applications'],
])('%s leads to %s', (given, target) => {
  expect(returnUrl(given, { urls, base })).toBe(target)
})

test('whatever is given, it leads below one of our addresses or nowhere', () => {
  const odd = fc.constantFrom('/', '\\', '@', '..', '//', ':', '%2f', '\t', '\n', 'https:', 'evil.com', 'a.example.com')
  const text = fc.array(fc.oneof(odd, fc.string({ maxLength: 3 })), { maxLength: 8 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (given) => {
      let target: string
      try {
        target = returnUrl(given, { urls, base })
      } catch (error) {
        expect(error).toMatchObject({ fault: 'foreign address' })
        return
      }
      // As a browser reads the address.
      const { origin, pathname } = new URL(target)
      expect(origin === urls[0] || (origin === 'https://b.example.com' && /^\/argocd(\/|$)/.test(pathname))).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('a Host header chooses among our addresses, and adds none', () => {
  expect(baseUrl(urls, 'b.example.com')).toBe('https://b.example.com/argocd')
  fc.assert(
    fc.property(fc.string(), (host) => {
      expect(urls).toContain(baseUrl(urls, host))
    }),
  )
})

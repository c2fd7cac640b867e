/**
 * Our own tokens whose signature has been found good, so that it is not computed again for each request. Of a token only its
 * hash is kept. What may change is for every use: its times here, and whether it is still wanted where it is asked for.
 */
import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { isOfTheFuture, type OwnClaims, verifyOwnToken } from './session-token.ts'

type Verified = Awaited<ReturnType<typeof verifyOwnToken>>

const most = 1000

export class VerifiedTokens {
  readonly #claims = new LRUCache<string, Verified>({ max: most })
  /** What they are signed with: another one makes all of them void. */
  #secretKey: string | undefined

  async claimsOf(token: string, secretKey: string | undefined, now: number): Promise<OwnClaims> {
    if (secretKey !== this.#secretKey) this.#claims.clear()
    this.#secretKey = secretKey
    const digest = hash('sha256', token, 'base64url')
    const known = this.#claims.get(digest)
    if (known && isTimely(known, now)) return known
    const claims = await verifyOwnToken(token, secretKey, now)
    // Another key may have come meanwhile.
    if (secretKey === this.#secretKey) this.#claims.set(digest, claims)
    return claims
  }
}

/** As the verification has found it then; in whole seconds, as there. */
function isTimely({ issuedAt, expiresAt, notBefore }: Verified, now: number): boolean {
  const seconds = Math.floor(now / 1000)
  if (expiresAt !== undefined && expiresAt <= seconds) return false
  if (notBefore !== undefined && notBefore > seconds) return false
  return !isOfTheFuture(issuedAt, now)
}

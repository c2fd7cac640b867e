/**
 * Tokens that were signed out before their end. Each is remembered until it would have ended anyway. Somebody who signs out
 * very often does not fill the memory: beyond a number of them, everything issued to that owner so far is revoked.
 */

interface Revoked {
  owner: string
  issuedAt: number
  expiresAt: number
}

/** Everything issued to the owner up to then. */
interface Cutoff {
  issuedUpTo: number
  expiresAt: number
}

interface Kept {
  tokens: [id: string, owner: string, issuedAt: number, expiresAt: number][]
  cutoffs: [owner: string, issuedUpTo: number, expiresAt: number][]
}

export interface RevocableToken {
  id: string
  /** Issuer and subject. */
  owner: string
  /** Seconds since 1970. */
  issuedAt: number
  expiresAt: number
}

const mostPerOwner = 64

export class Revocations {
  private readonly tokens = new Map<string, Revoked>()
  private readonly cutoffs = new Map<string, Cutoff>()

  /** Throws an Error when the text is not what `toText` writes: what was revoked must not come to life unnoticed. */
  static fromText(text: string | undefined): Revocations {
    const revocations = new Revocations()
    if (!text) return revocations
    const { tokens, cutoffs } = readKept(text)
    for (const [id, owner, issuedAt, expiresAt] of tokens) revocations.tokens.set(id, { owner, issuedAt, expiresAt })
    for (const [owner, issuedUpTo, expiresAt] of cutoffs) revocations.cutoffs.set(owner, { issuedUpTo, expiresAt })
    return revocations
  }

  /** Takes what others have revoked. Throws as `fromText` does. */
  take(text: string | undefined): void {
    const others = Revocations.fromText(text)
    for (const [id, token] of others.tokens) this.tokens.set(id, token)
    for (const [owner, cutoff] of others.cutoffs) {
      const { issuedUpTo = 0, expiresAt = 0 } = this.cutoffs.get(owner) ?? {}
      this.cutoffs.set(owner, {
        issuedUpTo: Math.max(cutoff.issuedUpTo, issuedUpTo),
        expiresAt: Math.max(cutoff.expiresAt, expiresAt),
      })
    }
  }

  toText(): string {
    const kept: Kept = {
      tokens: [...this.tokens].map(([id, { owner, issuedAt, expiresAt }]) => [id, owner, issuedAt, expiresAt]),
      cutoffs: [...this.cutoffs].map(([owner, { issuedUpTo, expiresAt }]) => [owner, issuedUpTo, expiresAt]),
    }
    return JSON.stringify(kept)
  }

  /** `now` in seconds. */
  revoke({ id, owner, issuedAt, expiresAt }: RevocableToken, now: number): void {
    this.forget(now)
    if (expiresAt <= now) return
    this.tokens.set(id, { owner, issuedAt, expiresAt })
    const own = [...this.tokens].filter(([, token]) => token.owner === owner)
    if (own.length <= mostPerOwner) return
    const latest = (times: number[]) => Math.max(this.cutoffs.get(owner)?.expiresAt ?? 0, ...times)
    this.cutoffs.set(owner, { issuedUpTo: now, expiresAt: latest(own.map(([, token]) => token.expiresAt)) })
    for (const [known] of own) this.tokens.delete(known)
  }

  isRevoked({ id, owner, issuedAt }: Pick<RevocableToken, 'id' | 'owner' | 'issuedAt'>): boolean {
    const cutoff = this.cutoffs.get(owner)
    return this.tokens.has(id) || (cutoff !== undefined && issuedAt <= cutoff.issuedUpTo)
  }

  private forget(now: number): void {
    for (const [id, { expiresAt }] of this.tokens) if (expiresAt <= now) this.tokens.delete(id)
    for (const [owner, { expiresAt }] of this.cutoffs) if (expiresAt <= now) this.cutoffs.delete(owner)
  }
}

function readKept(text: string): Kept {
  try {
    const kept = JSON.parse(text) as Kept
    if (Array.isArray(kept.tokens) && Array.isArray(kept.cutoffs)) return kept
    throw new Error('its lists are missing')
  } catch (error) {
    const message = 'the list of revoked sessions cannot be read; without it, those that were signed out count again'
    throw new Error(`${message}. Remove it, and server.secretkey of argocd-secret with it`, { cause: error })
  }
}

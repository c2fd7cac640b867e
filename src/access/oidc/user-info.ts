/** Groups from the provider's userinfo endpoint, for providers that do not put them into the token. */
import { LRUCache } from 'lru-cache'
import { fetchUserInfo, WWWAuthenticateChallengeError } from 'openid-client'
import { messageOf } from '../../model/index.ts'
import type { Provider } from './provider.ts'
import { SsoError, ssoErrorWithin } from './sso-error.ts'
import type { Claims } from './verify-id-token.ts'

export interface UserInfo {
  /** What this person's userinfo can be read with. */
  remember(subject: string, accessToken: string): void
  withGroups(claims: Claims): Promise<Claims>
}

export interface UserInfoOptions {
  provider: Provider
  /** Undefined: as long as the ID token counts. */
  cacheMs: number | undefined
  now(): number
}

interface Known {
  groups: Promise<unknown>
  until: number
}

/** Of people, not of requests. */
const most = 5_000

export function openUserInfo({ provider, cacheMs, now }: UserInfoOptions): UserInfo {
  const accessTokens = new LRUCache<string, string>({ max: most })
  const known = new LRUCache<string, Known>({ max: most })

  async function ask(subject: string): Promise<unknown> {
    const accessToken = accessTokens.get(subject)
    if (accessToken === undefined)
      throw new SsoError('expired token', 'the groups of this user are not known: sign in with a browser')
    try {
      const answer = await provider.asClient((configuration) => fetchUserInfo(configuration, accessToken, subject))
      return answer.groups
    } catch (error) {
      throw failure(error)
    }
  }

  function groupsOf({ sub, exp }: Claims): Promise<unknown> {
    const before = known.get(sub)
    if (before && now() < before.until) return before.groups
    const until = Math.min(exp * 1000, cacheMs === undefined ? Number.POSITIVE_INFINITY : now() + cacheMs)
    const asked = { groups: ask(sub), until }
    known.set(sub, asked)
    asked.groups.catch(() => known.get(sub) === asked && known.delete(sub))
    return asked.groups
  }

  return {
    remember(subject, accessToken) {
      if (accessTokens.get(subject) === accessToken) return
      accessTokens.set(subject, accessToken)
      known.delete(subject)
    },
    withGroups: async (claims) => ({ ...claims, groups: await groupsOf(claims) }),
  }
}

function failure(error: unknown): SsoError {
  const known = ssoErrorWithin(error)
  if (known) return known
  if (error instanceof WWWAuthenticateChallengeError)
    return new SsoError('expired token', 'the provider no longer tells the groups of this user: sign in again')
  return new SsoError('unavailable', `the groups of this user cannot be read: ${messageOf(error)}`, { cause: error })
}

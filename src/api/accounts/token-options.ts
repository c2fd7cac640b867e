/** What a token is to be, as a client asks for it. Pure. */
import { ApiError } from '../api-error.ts'
import type { TokenOptions } from './account-access.ts'

/** Throws InvalidArgument. */
export function tokenOptions({ id, expiresIn }: { id?: string | null; expiresIn?: number | null }): TokenOptions {
  if (typeof expiresIn === 'number' && expiresIn < 0) {
    throw new ApiError('InvalidArgument', 'expiresIn is the number of seconds that the token counts: 0 for ever')
  }
  return { ...(id && { id }), expiresInSeconds: expiresIn ?? 0 }
}

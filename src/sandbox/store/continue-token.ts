/** The continue token of a chunked list, in the real server's encoding. */
import { badRequest } from '../refusal.ts'

export interface ContinuePoint {
  /** The revision of the list; -1 for "whatever is newest". */
  revision: number
  /** The key of the last item given, as in the store. */
  after: string
}

export function encodeContinue({ revision, after }: ContinuePoint): string {
  const text = `{"v":"meta.k8s.io/v1","rv":${revision},"start":${JSON.stringify(`/${after}`).slice(0, -1)}\\u0000"}`
  return Buffer.from(text).toString('base64url')
}

function firstOddCharacter(text: string): string {
  const code = text.charCodeAt(0)
  return code >= 0x20 && code < 0x7f ? text.charAt(0) : `\\u${code.toString(16).padStart(4, '0')}`
}

export function decodeContinue(token: string): ContinuePoint {
  const bytes = Buffer.from(token, 'base64url')
  let parsed: { rv?: number; start?: string }
  try {
    parsed = JSON.parse(bytes.toString()) as typeof parsed
  } catch {
    const odd = firstOddCharacter(bytes.toString('latin1'))
    throw badRequest(
      `invalid continue token: continue key is not valid: invalid character '${odd}' looking for beginning of value`,
    )
  }
  const start = (parsed.start ?? '').replace(/^\//, '').replace(/\0$/, '')
  return { revision: parsed.rv ?? -1, after: start }
}

/** A token that is rotated on disk, as service accounts' are. */
import { readFile } from 'node:fs/promises'
import { type Authentication, bearerHeader } from './credentials.ts'

const rereadMs = 60_000

export function tokenFileAuthenticator(file: string, now: () => number = Date.now) {
  let answer: { authentication: Authentication; until: number } | undefined

  return async function authenticate(options: { renew?: boolean } = {}): Promise<Authentication> {
    if (answer && answer.until > now() && !options.renew) return answer.authentication
    const token = (await readFile(file, 'utf8')).trim()
    answer = { authentication: { headers: bearerHeader(token) }, until: now() + rereadMs }
    return answer.authentication
  }
}

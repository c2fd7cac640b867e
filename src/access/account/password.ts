/** Passwords, kept as bcrypt hashes. */
import { compare, hash } from 'bcryptjs'
import { regexMatcher } from '../../pattern/index.ts'
import { AccessError } from '../access-error.ts'

const cost = 10
/** bcrypt hears no more than that. */
const mostBytes = 72
/** A hash that belongs to nobody: somebody who does not exist takes as long as somebody who does. */
const decoy = '$2b$10$Zq1fXwJ9eYbT3uKc7oHsVOyGm4tRkD0aLxWn2iPjE6vBhUfS8zNqC'

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost)
}

/** False, and as slow, where there is no hash or none that can be read. */
export async function matchesPassword(password: string, kept: string | undefined): Promise<boolean> {
  const isHash = kept !== undefined && /^\$2[aby]\$(0[4-9]|1\d|2\d|3[01])\$[./A-Za-z0-9]{53}$/.test(kept)
  const isSound = password !== '' && Buffer.byteLength(password) <= mostBytes
  const matches = await compare(isSound ? password : 'x', isHash ? kept : decoy)
  return matches && isHash && isSound
}

/** Throws an AccessError unless the pattern of the installation permits the password. */
export function checkNewPassword(password: string, pattern: string): void {
  if (password === '' || Buffer.byteLength(password) > mostBytes) {
    throw new AccessError('invalid', `a password has at most ${mostBytes} bytes, and is not empty`)
  }
  if (!regexMatcher(pattern)(password)) {
    throw new AccessError('invalid', `new password does not match the following expression: ${pattern}`)
  }
}

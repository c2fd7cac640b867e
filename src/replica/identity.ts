/** What a process calls itself among others. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** Longer names of hosts are cut off. */
const longest = 40

/** Of the machine or Pod it is on, and never used before: a process that is started again has begun nothing. */
export function newIdentity(host = hostname()): string {
  const readable = host
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, longest)
  return `${readable || 'replica'}-${randomBytes(4).toString('hex')}`
}

/** Whether the other one was on the same host; of names that were cut off nobody can say. */
export function isOfSameHost(identity: string, other: string): boolean {
  const host = identity.replace(/-[0-9a-f]{8}$/, '')
  return identity !== other && host.length < longest && other.replace(/-[0-9a-f]{8}$/, '') === host
}

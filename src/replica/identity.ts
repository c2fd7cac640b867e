/** What a process calls itself among others. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** Of the machine or Pod it is on, and never used before: a process that is started again has begun nothing. */
export function newIdentity(host = hostname()): string {
  const readable = host
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  return `${readable || 'replica'}-${randomBytes(4).toString('hex')}`
}

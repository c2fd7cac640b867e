/** Whether repositories can be read: tried when somebody asks, and remembered for a while. */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { messageOf } from '../../model/index.ts'
import type { Services } from '../services.ts'
import { connectionOf } from './connection-of.ts'
import type { RepositoryFields } from './repository-fields.ts'
import type { ConnectionState } from './show-repository.ts'

export interface Connection {
  url: string
  /** With its credentials, also inherited ones. */
  fields: RepositoryFields
}

export interface Connections {
  stateOf(connection: Connection, options: { refresh: boolean }): Promise<ConnectionState>
  /** Throws a StageError that says why the repository cannot be read with these credentials. */
  test(connection: Connection): Promise<void>
}

const rememberedMs = 3_600_000
/** Sooner than what works. */
const failureRememberedMs = 60_000

export function openConnections({ stages, registered }: Pick<Services, 'stages' | 'registered'>): Connections {
  const { sources, clock } = stages
  const known = new LRUCache<string, { at: number; state: Promise<ConnectionState> }>({ max: 5000 })

  const reach = ({ url, fields }: Connection) => registered.trusting(url, connectionOf({ ...fields, repo: url }))

  async function attempt(connection: Connection): Promise<ConnectionState> {
    const attemptedAt = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
    try {
      await sources.test(connection.url, reach(connection))
    } catch (error) {
      return { status: 'Failed', message: `Unable to connect to repository: ${messageOf(error)}`, attemptedAt }
    }
    return { status: 'Successful', message: '', attemptedAt }
  }

  return {
    test: (connection) => sources.test(connection.url, reach(connection)),
    async stateOf(connection, { refresh }) {
      const parts = JSON.stringify([connection.url, reach(connection)])
      const key = createHash('sha256').update(parts).digest('base64')
      const remembered = known.get(key)
      if (remembered && !refresh) {
        const { status } = await remembered.state
        const lifetime = status !== 'Successful' ? failureRememberedMs : rememberedMs
        if (clock.now() - remembered.at < lifetime) return remembered.state
      }
      const state = attempt(connection)
      known.set(key, { at: clock.now(), state })
      return state
    },
  }
}

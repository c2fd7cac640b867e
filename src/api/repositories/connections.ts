/** Whether repositories can be read: tried when somebody asks, and remembered for a while. */
import { LRUCache } from 'lru-cache'
import { messageOf } from '../../model/index.ts'
import type { Stages } from '../../reconcile/stages.ts'
import { isTrue } from '../secret-fields.ts'
import type { RepositoryFields } from './repository-fields.ts'
import { type ConnectionState, repositoryType } from './show-repository.ts'

export interface Connection {
  url: string
  fields: RepositoryFields
  hasCredentials: boolean
}

export interface Connections {
  stateOf(connection: Connection, options: { refresh: boolean }): Promise<ConnectionState>
  /** Throws a StageError that says why the repository cannot be read, as it is: without credentials. */
  test(connection: Connection): Promise<void>
}

const rememberedMs = 3_600_000
/** Sooner than what works. */
const failureRememberedMs = 60_000

export const credentialsUnused =
  'Tiphys reads repositories without credentials yet: those of this repository are kept, and not used'

export function openConnections({ sources, clock }: Pick<Stages, 'sources' | 'clock'>): Connections {
  const known = new LRUCache<string, { at: number; state: Promise<ConnectionState> }>({ max: 5000 })

  async function test({ url, fields }: Connection): Promise<void> {
    await sources.check(url)
    const type = repositoryType(url, fields.type)
    // A registry tells what is in it only by name.
    if (type === 'helm' && isTrue(fields.enableOCI)) return
    if (type === 'helm') await sources.charts(url)
    else if (type === 'oci') await sources.ociTags(url)
    else await sources.refs(url, { refresh: true })
  }

  async function attempt(connection: Connection): Promise<ConnectionState> {
    const attemptedAt = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
    try {
      await test(connection)
    } catch (error) {
      const why = messageOf(error)
      if (connection.hasCredentials) {
        return { status: 'Unknown', message: `${credentialsUnused}. Without them: ${why}`, attemptedAt }
      }
      return { status: 'Failed', message: `Unable to connect to repository: ${why}`, attemptedAt }
    }
    return { status: 'Successful', message: '', attemptedAt }
  }

  return {
    test,
    async stateOf(connection, { refresh }) {
      const { url, fields, hasCredentials } = connection
      const key = JSON.stringify([url, fields.type, fields.enableOCI, hasCredentials])
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

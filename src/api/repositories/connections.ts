/** Whether repositories can be read: tried when somebody asks, and remembered for a while. */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { messageOf } from '../../model/index.ts'
import { turns } from '../../process/turns.ts'
import type { Services } from '../services.ts'
import { connectionOf } from './connection-of.ts'
import { hostOf } from './credentials-prefix.ts'
import type { RepositoryFields } from './repository-fields.ts'
import type { ConnectionState } from './show-repository.ts'

export interface Connection {
  url: string
  /** With its credentials, also inherited ones. */
  fields: RepositoryFields
}

export interface Connections {
  stateOf(connection: Connection, options: { refresh: boolean }): Promise<ConnectionState>
  /** As far as it is known by then; what is not, goes on being tried, and is known when it is asked for again. */
  stateBy(patience: Promise<void>, connection: Connection, options: { refresh: boolean }): Promise<ConnectionState>
  /** Throws a StageError that says why the repository cannot be read with these credentials. */
  test(connection: Connection): Promise<void>
}

const rememberedMs = 3_600_000
/** Sooner than what works. */
const failureRememberedMs = 60_000
/** A host that does not answer keeps its own repositories waiting, and not those of others. */
const triedAtOnce = 20
const triedAtOncePerHost = 4

interface Attempt {
  state: Promise<ConnectionState>
  /** Absent while it is being tried. */
  ended?: { at: number; status: ConnectionState['status'] }
}

export function openConnections({
  stages,
  registered,
}: {
  stages: { sources: Pick<Services['stages']['sources'], 'test'>; clock: { now(): number } }
  registered: Pick<Services['registered'], 'trusting'>
}): Connections {
  const { sources, clock } = stages
  const known = new LRUCache<string, Attempt>({ max: 5000 })
  const turn = turns(triedAtOnce)
  const hostTurns = new LRUCache<string, ReturnType<typeof turns>>({ max: 1000 })

  const reach = ({ url, fields }: Connection) => registered.trusting(url, connectionOf({ ...fields, repo: url }))

  function turnAt(url: string): ReturnType<typeof turns> {
    const host = hostOf(url) ?? ''
    const turnOfHost = hostTurns.get(host) ?? turns(triedAtOncePerHost)
    hostTurns.set(host, turnOfHost)
    return (task) => turnOfHost(() => turn(task))
  }

  async function attempt(connection: Connection): Promise<ConnectionState> {
    const attemptedAt = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
    try {
      await sources.test(connection.url, reach(connection))
    } catch (error) {
      return { status: 'Failed', message: `Unable to connect to repository: ${messageOf(error)}`, attemptedAt }
    }
    return { status: 'Successful', message: '', attemptedAt }
  }

  function begin(key: string, connection: Connection): Attempt {
    const trying: Attempt = { state: turnAt(connection.url)(() => attempt(connection)) }
    void trying.state.then(({ status }) => {
      trying.ended = { at: clock.now(), status }
    })
    known.set(key, trying)
    return trying
  }

  function isOver({ ended }: Attempt): boolean {
    if (!ended) return false
    return clock.now() - ended.at >= (ended.status === 'Successful' ? rememberedMs : failureRememberedMs)
  }

  function stateOf(connection: Connection, { refresh }: { refresh: boolean }): Promise<ConnectionState> {
    const parts = JSON.stringify([connection.url, reach(connection)])
    const key = createHash('sha256').update(parts).digest('base64')
    const remembered = known.get(key)
    const isOfUse = remembered && (refresh ? !remembered.ended : !isOver(remembered))
    return (isOfUse ? remembered : begin(key, connection)).state
  }

  return {
    test: (connection) => sources.test(connection.url, reach(connection)),
    stateOf: async (connection, options) => stateOf(connection, options),
    stateBy: async (patience, connection, options) =>
      Promise.race([
        stateOf(connection, options),
        patience.then((): ConnectionState => ({ status: 'Unknown', message: 'It is being tried.', attemptedAt: null })),
      ]),
  }
}

/** Keeps a connection to Redis, asks it with deadlines, and asks nothing while it is lost: whoever looks pays nothing then. */
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../model/index.ts'
import { type Connection, RefusedByRedis } from './redis-connection.ts'

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface LinkTimes {
  connectMs: number
  /** Somebody waits for what is read. */
  readMs: number
  writeMs: number
  /** Between tries to connect: the first pause, and what it grows to. */
  pauseMs: number
  longestPauseMs: number
  /** How long nothing is written after a write was refused. */
  refusalMs: number
}

export interface LinkOptions {
  /** What it connects to, in words. */
  server: string
  connect(signal: AbortSignal): Promise<Connection>
  log: Log
  /** A request has ended, or was given up. */
  observe(command: string, seconds: number, failed: boolean): void
  /** It is there, for the first time or again. */
  onConnected(): void
  times?: Partial<LinkTimes>
}

const usualTimes: LinkTimes = {
  connectMs: 3000,
  readMs: 200,
  writeMs: 1000,
  pauseMs: 500,
  longestPauseMs: 5000,
  refusalMs: 30_000,
}
/** So many failures in a row, and it is lost: one alone may be a pause of the server. */
const failuresInRow = 3
/** One that lasted so long was no try. */
const lastingMs = 30_000
/** Read to find out whether reading is permitted. */
const trialName = 'tiphys:trial'

export class RedisLink {
  readonly #options: LinkOptions
  readonly #times: LinkTimes
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  readonly #tried: Promise<void>
  #connection: Connection | undefined
  #failures = 0
  /** Why it was ended, if we have ended it; empty: for a better one. */
  #reason: string | undefined
  /** As it was last logged. */
  #said: 'connected' | 'lost' | undefined
  #writesRefused = false
  #writesPausedUntil = 0

  constructor(options: LinkOptions) {
    this.#options = options
    this.#times = { ...usualTimes, ...options.times }
    let tried = () => {}
    this.#tried = new Promise((resolve) => {
      tried = resolve
    })
    this.#running = this.#stayConnected(tried)
  }

  get isConnected(): boolean {
    return this.#connection !== undefined
  }

  /** Resolves when the first try has succeeded or failed. */
  tried(): Promise<void> {
    return this.#tried
  }

  /** Undefined when it is lost, or does not answer in time. */
  async read<T>(command: string, ask: (connection: Connection) => Promise<T>): Promise<T | undefined> {
    const connection = this.#connection
    if (!connection) return undefined
    try {
      return await this.#ask(command, ask(connection), this.#times.readMs)
    } catch (error) {
      this.#failed(connection, error)
      return undefined
    }
  }

  /** Nobody waits for it. A server may give what it has and take nothing, such as one that is full. */
  async write(command: string, ask: (connection: Connection) => Promise<void>): Promise<void> {
    const connection = this.#connection
    if (!connection || performance.now() < this.#writesPausedUntil) return
    try {
      await this.#ask(command, ask(connection), this.#times.writeMs)
      if (this.#writesRefused) this.#log('info', 'Redis takes values again')
      this.#writesRefused = false
    } catch (error) {
      if (error instanceof RefusedByRedis) this.#refused(connection, error)
      else this.#failed(connection, error)
    }
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    this.#connection?.close()
    await this.#running
  }

  async #ask<T>(command: string, answer: Promise<T>, limitMs: number): Promise<T> {
    const begun = performance.now()
    let failed = true
    try {
      const value = await within(answer, limitMs)
      failed = false
      this.#failures = 0
      return value
    } finally {
      this.#options.observe(command, (performance.now() - begun) / 1000, failed)
    }
  }

  async #stayConnected(tried: () => void): Promise<void> {
    const { signal } = this.#stopping
    let pauseMs = this.#times.pauseMs
    while (!signal.aborted) {
      const begun = performance.now()
      try {
        const connection = await this.#open()
        tried()
        await connection.closed
        this.#ended(this.#reason ?? 'it has ended the connection')
      } catch (error) {
        this.#ended(messageOf(error))
      }
      tried()
      if (performance.now() - begun > lastingMs) pauseMs = this.#times.pauseMs
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => {})
      pauseMs = Math.min(pauseMs * 2, this.#times.longestPauseMs)
    }
  }

  async #open(): Promise<Connection> {
    const { connectMs, readMs } = this.#times
    const limit = AbortSignal.timeout(connectMs)
    const connecting = this.#options.connect(AbortSignal.any([limit, this.#stopping.signal]))
    const connection = await connecting.catch((error) => {
      throw limit.aborted ? new Error(`no answer within ${connectMs} ms`) : error
    })
    try {
      await within(connection.get(trialName, 1), readMs)
    } catch (error) {
      connection.close()
      throw error
    }
    this.#failures = 0
    this.#reason = undefined
    this.#connection = connection
    if (this.#stopping.signal.aborted) connection.close()
    else this.#found()
    return connection
  }

  #found(): void {
    if (this.#said !== 'connected') this.#log('info', 'Redis is there: renderings are shared with other replicas')
    this.#said = 'connected'
    this.#options.onConnected()
  }

  #ended(reason: string): void {
    this.#connection = undefined
    if (reason === '' || this.#stopping.signal.aborted || this.#said === 'lost') return
    this.#said = 'lost'
    const advice = 'Everything goes on, rendered here where it would have been found there'
    this.#log('warn', `Redis is lost: ${reason}. ${advice}; it is tried again until it is back`)
  }

  #failed(connection: Connection, error: unknown): void {
    this.#failures++
    if (this.#failures >= failuresInRow) this.#drop(connection, messageOf(error))
  }

  #refused(connection: Connection, error: RefusedByRedis): void {
    this.#writesPausedUntil = performance.now() + this.#times.refusalMs
    if (!this.#writesRefused) {
      const advice = 'What is there is read; free memory or disk there, or permit the user to write'
      this.#log('warn', `Redis takes no values: ${error.message}. ${advice}`)
    }
    this.#writesRefused = true
    // The name may lead to another server by now, which is the master.
    if (error.message.startsWith('READONLY')) this.#drop(connection, '')
  }

  #drop(connection: Connection, reason: string): void {
    if (this.#connection !== connection) return
    this.#connection = undefined
    this.#reason = reason
    connection.close()
  }

  #log(level: 'info' | 'warn', message: string): void {
    this.#options.log[level]({ redis: this.#options.server }, message)
  }
}

/** Of a process that was busy for so long, what has arrived meanwhile is taken before it gives up. */
function within<T>(answer: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`no answer within ${limitMs} ms`))
    const timer = setTimeout(() => setImmediate(() => setImmediate(giveUp)), limitMs)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** A real Redis for tests, on a port of this machine, with a password that stands in a file. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis, type RedisOptions } from 'ioredis'
import { freePort, programOnPath } from './server-program.ts'

/** Undefined where neither Redis nor Valkey is installed. */
export const redisServer = programOnPath('redis-server') ?? programOnPath('valkey-server')

export interface RedisHost {
  port: number
  /** `HOST:PORT`. */
  server: string
  /** Signed in with the password; whoever asks closes it. */
  client(options?: RedisOptions): Promise<Redis>
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
  kill(): Promise<void>
  /** On the same port, with nothing in it. */
  start(): Promise<void>
  close(): Promise<void>
}

export interface RedisHostOptions {
  password: string
  /** More lines of its configuration; `folder` is one that the test may write to. */
  settings?: (folder: string) => string[]
}

export async function startRedis({ password, settings = () => [] }: RedisHostOptions): Promise<RedisHost> {
  if (!redisServer) throw new Error('redis-server is not installed')
  const program = redisServer
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-redis-'))
  const port = await freePort()
  const file = join(folder, 'redis.conf')
  const lines = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, `requirepass ${password}`, 'save ""']
  writeFileSync(file, `${[...lines, 'appendonly no', ...settings(folder)].join('\n')}\n`, { mode: 0o600 })
  let child: ChildProcess | undefined

  async function client(options: RedisOptions = {}): Promise<Redis> {
    const redis = new Redis({
      host: '127.0.0.1',
      port,
      password,
      protocol: 2,
      retryStrategy: null,
      lazyConnect: true,
      ...options,
    })
    redis.on('error', () => {})
    await redis.connect()
    return redis
  }

  async function start(): Promise<void> {
    child = spawn(program, [file], { stdio: 'ignore', env: { PATH: process.env.PATH } })
    for (let tries = 0; ; tries++) {
      const redis = await client().catch(() => undefined)
      if (redis) return redis.disconnect()
      if (tries > 200 || child.exitCode !== null) throw new Error(`${program} did not start`)
      await sleep(25)
    }
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  await start()
  return {
    port,
    server: `127.0.0.1:${port}`,
    client,
    signal: (signal) => void child?.kill(signal),
    kill,
    start,
    async close() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

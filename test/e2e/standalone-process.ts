/** Tiphys without a cluster, as a process of its own with a folder for its objects. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from '../../src/kube/connect.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { loadConfig } from '../../src/kube/load-config.ts'
import { type Ended, run } from './command-line.ts'

const program = fileURLToPath(new URL('../../bin/tiphys', import.meta.url))

export interface StandaloneOptions {
  /** For its copies of repositories, and as its home. */
  folder: string
  data: string
  args?: string[]
  env?: Record<string, string>
  /** Starts the program: what stands before it on the command line. */
  through?: string[]
}

export interface StandaloneProcess {
  child: ChildProcess
  client: KubeClient
  /** Of the API of Tiphys. */
  url: string
  /** What it has printed, and what it has complained about. */
  told(): string
  admin(...args: string[]): Promise<Ended>
  /** Resolves with the exit code when it has ended; undefined: a signal has ended it. */
  readonly ended: Promise<number | undefined>
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

/** Rejects when it ends instead, with what it has said. */
export async function startStandalone(options: StandaloneOptions): Promise<StandaloneProcess> {
  const { folder, data, args = [], env = {}, through = [] } = options
  const place = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--insecure',
    '--allow-local',
    '--cache-dir',
    join(folder, 'cache'),
  ]
  const [command = '', ...words] = [...through, process.execPath, program, 'serve', '--data', data, ...place, ...args]
  const child = spawn(command, words, {
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let told = ''
  const ended = once(child, 'exit').then(([code]) => (code as number | null) ?? undefined)
  const url = await new Promise<string>((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`it has ended with ${code}: ${told}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      told += String(chunk)
    })
    child.stdout.on('data', (chunk: Buffer) => {
      told += String(chunk)
      const line = told.split('\n').find((one) => one.includes('tiphys is running') && one.endsWith('}'))
      if (line) resolve((JSON.parse(line) as { url: string }).url)
    })
  })
  const kubeconfig = join(data, 'kubeconfig')
  const client = connect(await loadConfig({ kubeconfig }))
  return {
    child,
    client,
    url,
    told: () => told,
    admin: (...words) => run(['admin', ...words], { KUBECONFIG: kubeconfig, TIPHYS_CONFIG_DIR: '/nonexistent' }),
    ended,
    async end(signal) {
      await client.close()
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
    },
  }
}

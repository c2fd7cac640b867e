/** Runs another program: argv only, a clean environment, and limits on time, output, memory and file size. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

export interface RunOptions {
  args: string[]
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>
  cwd?: string
  input?: string
  timeLimitMs: number
  /** Bytes of standard output; standard error is cut off at 256 KiB. */
  outputLimit: number
  /** Bytes of private memory; enforced where the system has `prlimit`. */
  memoryLimit?: number
  /** Bytes of one file that it may write, and it alone; as many as of memory when absent. */
  fileLimit?: number
  /** How long it may tidy up after itself before it is killed, in milliseconds; killed at once when absent. */
  graceMs?: number
  signal?: AbortSignal
}

export type RunFailure = 'missing' | 'time' | 'output' | 'aborted' | 'exit'

export class RunError extends Error {
  readonly failure: RunFailure
  readonly stderr: string

  constructor(failure: RunFailure, message: string, stderr = '') {
    super(message)
    this.name = 'RunError'
    this.failure = failure
    this.stderr = stderr
  }
}

export interface RunResult {
  stdout: Buffer
  stderr: string
}

/** The cause stands last: helm writes a line for each template on the way to it, of which there may be a thousand. */
const stderrLimit = 256 * 1024
const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path))

/** The program's output once it has ended with code 0; every other end is a `RunError`. */
export function run(program: string, options: RunOptions): Promise<RunResult> {
  const { promise, resolve, reject } = deferred<RunResult>()
  if (options.signal?.aborted) {
    reject(new RunError('aborted', `${program} was not started: cancelled`))
    return promise
  }
  const child = start(program, options)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  let stdoutSize = 0
  let stderrSize = 0
  let failure: RunError | undefined
  let grace: NodeJS.Timeout | undefined
  const stop = (error: RunError): void => {
    if (!failure && options.graceMs !== undefined) {
      signalGroup(child, 'SIGTERM')
      grace = setTimeout(() => signalGroup(child, 'SIGKILL'), options.graceMs)
    } else if (!grace) signalGroup(child, 'SIGKILL')
    failure ??= error
  }
  const timer = setTimeout(
    () => stop(new RunError('time', `took longer than ${options.timeLimitMs / 1000} s and was stopped`)),
    options.timeLimitMs,
  )
  const abort = (): void => stop(new RunError('aborted', 'was cancelled'))
  options.signal?.addEventListener('abort', abort, { once: true })

  child.stdout?.on('data', (chunk: Buffer) => {
    stdoutSize += chunk.length
    if (stdoutSize > options.outputLimit) {
      stop(new RunError('output', `printed more than ${options.outputLimit} bytes and was stopped`))
    } else stdout.push(chunk)
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    if (stderrSize < stderrLimit) stderr.push(chunk.subarray(0, stderrLimit - stderrSize))
    stderrSize += chunk.length
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  child.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= new RunError(error.code === 'ENOENT' ? 'missing' : 'exit', error.message)
  })
  child.on('close', (code, signal) => {
    clearTimeout(timer)
    clearTimeout(grace)
    options.signal?.removeEventListener('abort', abort)
    const errorText = Buffer.concat(stderr).toString('utf8').trim()
    if (failure) reject(new RunError(failure.failure, failure.message, errorText))
    else if (code === 0) resolve({ stdout: Buffer.concat(stdout), stderr: errorText })
    else reject(new RunError('exit', errorText || `ended with ${signal ?? `code ${code}`}`, errorText))
  })
  return promise
}

function start(program: string, options: RunOptions): ChildProcess {
  const spawnOptions = { cwd: options.cwd, env: options.env, detached: true, stdio: 'pipe' } as const
  if (!prlimit || options.memoryLimit === undefined) return spawn(program, options.args, spawnOptions)
  // Data and not address space: Go programs reserve far more addresses than they use.
  const { memoryLimit, fileLimit = memoryLimit } = options
  const limits = [`--data=${memoryLimit}`, '--core=0', `--fsize=${fileLimit}`]
  return spawn(prlimit, [...limits, '--', program, ...options.args], spawnOptions)
}

/** The child is the leader of its own process group, so that what it started goes with it. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    child.kill(signal)
  }
}

function deferred<T>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (error: Error) => void
} {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

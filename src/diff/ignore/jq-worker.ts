/** The real jq (jq-web), in a thread of its own: loaded when first asked, ended when it takes too long or too much. */
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

export interface JqAnswer {
  /** JSON texts, one a line. */
  output?: string
  /** What jq said against it. */
  error?: string
  /** True when it is the expression that is at fault, whatever it is asked of. */
  fatal?: boolean
}

export interface Jq {
  run(filter: string, input: string): Promise<JqAnswer>
  close(): Promise<void>
}

const mostBytes = 256 * 2 ** 20
/** A thread that has had nothing to do for so long gives its memory back. */
const idleMs = 60_000

/** Runs in the thread. jq's memory is WebAssembly's, which the limits of a Worker do not bound: here it cannot grow further. */
const script = `
const { parentPort, workerData } = require('node:worker_threads')
const grow = WebAssembly.Memory.prototype.grow
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65536 > workerData.mostBytes) throw new RangeError('out of memory')
  return grow.call(this, pages)
}
const loading = require(workerData.library)
loading.then(() => parentPort.postMessage({ ready: true }))
parentPort.on('message', async ({ filter, input }) => {
  const jq = await loading
  try {
    parentPort.postMessage({ output: jq.raw(input, filter, ['-c']) })
  } catch (error) {
    parentPort.postMessage({ error: String(error.stderr || error.message).trim(), code: error.exitCode })
  }
})
`

/** jq's exit code for an expression that it does not understand; 5 is one that does not suit what it was asked of. */
const compileError = 3

interface Job {
  filter: string
  input: string
  resolve(answer: JqAnswer): void
}

interface Thread {
  worker: Worker
  ready: Promise<unknown>
}

/** `timeoutMs` is asked before each run. A thread that has nothing to do does not keep the process alive. */
export function openJq({ timeoutMs }: { timeoutMs(): number }): Jq {
  const waiting: Job[] = []
  let thread: Thread | undefined
  let busy = false
  let idle: NodeJS.Timeout | undefined

  function start(): Thread {
    const library = createRequire(import.meta.url).resolve('jq-web')
    const worker = new Worker(script, {
      eval: true,
      env: {},
      stdout: true,
      stderr: true,
      workerData: { library, mostBytes },
    })
    worker.unref()
    const ready = new Promise((resolve) => worker.once('message', resolve))
    return { worker, ready }
  }

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    clearTimeout(idle)
    for (let job = waiting.shift(); job; job = waiting.shift()) job.resolve(await answer(job))
    busy = false
    idle = setTimeout(end, idleMs).unref()
  }

  async function answer({ filter, input }: Job): Promise<JqAnswer> {
    thread ??= start()
    const { worker, ready } = thread
    worker.ref()
    const failed = new Promise<never>((_, reject) => worker.once('error', reject).once('exit', reject))
    try {
      // Loading jq is not the expression's fault.
      await Promise.race([ready, failed])
      const { output, error, code } = await Promise.race([failed, ask(worker, { filter, input }, timeoutMs())])
      if (output !== undefined) return { output }
      if (code === 5) return { error }
      if (code !== compileError) await end()
      return { error, fatal: true }
    } catch (error) {
      await end()
      return { error: error instanceof Error ? error.message : 'jq ended unexpectedly', fatal: true }
    } finally {
      worker
        .removeAllListeners('error')
        .removeAllListeners('exit')
        .on('error', () => {})
      worker.unref()
    }
  }

  async function end(): Promise<void> {
    clearTimeout(idle)
    const ended = thread
    thread = undefined
    await ended?.worker.terminate()
  }

  return {
    run: (filter, input) =>
      new Promise((resolve) => {
        waiting.push({ filter, input, resolve })
        void work()
      }),
    close: end,
  }
}

interface ThreadAnswer {
  output?: string
  error?: string
  code?: number
}

function ask(worker: Worker, job: { filter: string; input: string }, limitMs: number): Promise<ThreadAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it took longer than ${limitMs} ms`)), limitMs)
    worker.once('message', (answer: ThreadAnswer) => {
      clearTimeout(timer)
      resolve(answer)
    })
    worker.postMessage(job)
  })
}

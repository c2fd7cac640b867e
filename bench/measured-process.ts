/** A child process that is watched: what it prints, what its metrics say, and how much memory it had at its peak. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Usage {
  /** Seconds of CPU since the start. */
  cpu: number
  /** Bytes. */
  rss: number
  peakRss: number
  /** By verb, since the start. */
  requests: Record<string, number>
  values: Record<string, number>
}

export class MeasuredProcess {
  readonly #child: ChildProcess
  #output = ''

  constructor(args: string[], env: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child.stdout?.on('data', (data) => {
      this.#output += String(data)
    })
  }

  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#output)
      if (match) return match
      if (this.#child.exitCode !== null)
        throw new Error(`the process ended with ${this.#child.exitCode}: ${this.#output}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Reads the metrics page of a running Tiphys. */
  async usage(url: string): Promise<Usage> {
    const text = await (await fetch(url)).text()
    const values: Record<string, number> = {}
    const requests: Record<string, number> = {}
    for (const line of text.split('\n')) {
      const match = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line)
      if (!match) continue
      const [, name = '', labels = '', value = ''] = match
      if (labels === '') values[name] = Number(value)
      const verb = name === 'tiphys_kubernetes_requests' ? /verb="([^"]*)"/.exec(labels)?.[1] : undefined
      // Of all clusters.
      if (verb) requests[verb] = (requests[verb] ?? 0) + Number(value)
    }
    return {
      cpu: values.process_cpu_seconds_total ?? 0,
      rss: values.process_resident_memory_bytes ?? 0,
      peakRss: this.#peakRss() ?? values.process_resident_memory_bytes ?? 0,
      requests,
      values,
    }
  }

  /** Of any process, since its start; undefined where the system does not tell. */
  cpuSeconds(): number | undefined {
    try {
      const [, fields = ''] = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')
      const [user, system] = fields.split(' ').slice(11, 13)
      // The kernel tells it in hundredths.
      return (Number(user) + Number(system)) / 100
    } catch {
      return undefined
    }
  }

  /** Linux keeps the high-water mark; elsewhere there is none. */
  #peakRss(): number | undefined {
    try {
      const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))
      return match ? Number(match[1]) * 1024 : undefined
    } catch {
      return undefined
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGTERM')
    await gone
  }
}

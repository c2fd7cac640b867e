/** A client of the Model Context Protocol over the standard streams of a program: requests and answers, a line each. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

interface Answer {
  id: number
  result?: unknown
  error?: { message: string }
}

export interface ToolAnswer {
  isError: boolean
  text: string
}

export class McpClient {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  readonly #log: string[] = []
  #count = 0

  /** `args` of Node: the program and what it is told. */
  constructor(args: string[], env: Record<string, string>) {
    this.#child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' })
    this.#child.stderr.on('data', (data) => this.#log.push(String(data)))
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
    })
    this.#child.once('exit', () => {
      for (const [id, settle] of this.#waiting)
        settle({ id, error: { message: `it has ended: ${this.#log.join('')}` } })
    })
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'tiphys-tests', version: '1' }
    await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo })
    this.#send({ method: 'notifications/initialized' })
  }

  async request(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#count
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve))
    this.#send({ id, method, params })
    const { result, error } = await answered
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  async tools(): Promise<string[]> {
    const { tools } = (await this.request('tools/list')) as { tools: { name: string }[] }
    return tools.map(({ name }) => name)
  }

  async call(name: string, args: object): Promise<ToolAnswer> {
    const answer = await this.request('tools/call', { name, arguments: args })
    const { isError = false, content } = answer as { isError?: boolean; content: { text: string }[] }
    return { isError, text: content.map(({ text }) => text).join('') }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill()
    await gone
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }
}

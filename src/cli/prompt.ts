/** Questions to whoever sits at the terminal. They go to standard error: answers of commands stay clean. */
import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { CommandError } from './exit-code.ts'

export interface Prompt {
  /** False where there is nobody to ask: standard input is no terminal. */
  isInteractive: boolean
  ask(question: string): Promise<string>
  /** What is typed is not shown. */
  askSecret(question: string): Promise<string>
  /** No, where there is nobody to ask. */
  confirm(question: string): Promise<boolean>
  close(): void
}

interface Streams {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  output: NodeJS.WritableStream
}

export function openPrompt({ input, output }: Streams = { input: process.stdin, output: process.stderr }): Prompt {
  const isInteractive = input.isTTY === true
  let silent = false
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!silent) output.write(chunk)
      done()
    },
  })
  let lines: AsyncIterator<string> | undefined
  let opened: Interface | undefined

  /** Opened with the first question: a command that asks nothing leaves standard input alone. */
  async function line(question: string): Promise<string> {
    opened ??= createInterface({ input, output: shown, terminal: isInteractive })
    lines ??= opened[Symbol.asyncIterator]()
    output.write(question)
    const { value, done } = await lines.next()
    if (done) throw new CommandError(`no answer to "${question.trim()}": standard input has ended`)
    return value
  }

  return {
    isInteractive,
    ask: line,
    async askSecret(question) {
      silent = true
      try {
        return await line(question)
      } finally {
        silent = false
        if (isInteractive) output.write('\n')
      }
    },
    async confirm(question) {
      return isInteractive && /^y(es)?$/i.test((await line(`${question} [y/N] `)).trim())
    },
    close: () => opened?.close(),
  }
}

export async function withPrompt<Result>(work: (prompt: Prompt) => Promise<Result>): Promise<Result> {
  const prompt = openPrompt()
  try {
    return await work(prompt)
  } finally {
    prompt.close()
  }
}

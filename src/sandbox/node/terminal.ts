/** A shell session: bytes from a client's stdin in, output and an exit code out. */
import { type Machine, type Outcome, Shell } from './shell.ts'

export interface TerminalOutput {
  stdout(text: string): void
  stderr(text: string): void
  /** The session is over. */
  exit(code: number): void
}

const interrupt = '\u0003'
const endOfInput = '\u0004'
const erase = ['\u0008', '\u007f']

export interface Terminal {
  input(text: string): void
  /** The client has closed its end: what is left of a line still runs. */
  end(): void
}

/** Reads whole lines and runs each; the way of `sh` with its input from a pipe. */
export function pipedShell(machine: Machine, output: TerminalOutput): Terminal {
  const shell = new Shell(machine)
  let rest = ''
  let isOver = false

  function show({ stdout, stderr, exitCode, hasExited }: Outcome): void {
    if (stdout) output.stdout(stdout)
    if (stderr) output.stderr(stderr)
    if (hasExited) finish(exitCode)
  }

  function finish(code: number): void {
    if (isOver) return
    isOver = true
    output.exit(code)
  }

  return {
    input(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (!isOver) show(shell.run(line))
    },
    end() {
      if (rest && !isOver) show(shell.run(rest))
      finish(shell.lastExitCode)
    },
  }
}

/** Echoes what is typed, line by line, behind a prompt: the way of `sh` on a terminal. */
export function interactiveShell(machine: Machine, output: TerminalOutput): Terminal {
  const shell = new Shell(machine)
  let line = ''
  let isOver = false
  const write = (text: string) => output.stdout(text.replace(/\r?\n/g, '\r\n'))
  const prompt = () => write(`${shell.directory} # `)

  function finish(code: number): void {
    if (isOver) return
    isOver = true
    output.exit(code)
  }

  function enter(): void {
    write('\n')
    const { stdout, stderr, exitCode, hasExited } = shell.run(line)
    line = ''
    write(stdout + stderr)
    if (hasExited) finish(exitCode)
    else prompt()
  }

  function rubOut(): void {
    if (line === '') return
    line = line.slice(0, -1)
    write('\b \b')
  }

  function abandonLine(): void {
    line = ''
    write('^C\n')
    prompt()
  }

  function type(char: string): void {
    if (char === '\r' || char === '\n') enter()
    else if (char === interrupt) abandonLine()
    else if (erase.includes(char)) rubOut()
    else if (char !== endOfInput) {
      line += char
      write(char)
    } else if (line === '') finish(shell.lastExitCode)
  }

  prompt()
  return {
    input(text) {
      for (const char of text.replaceAll('\r\n', '\r')) if (!isOver) type(char)
    },
    end: () => finish(shell.lastExitCode),
  }
}

/** `cat` without files: what comes in goes out. */
export function pipedCat(output: TerminalOutput): Terminal {
  return { input: (text) => output.stdout(text), end: () => output.exit(0) }
}

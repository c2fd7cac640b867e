/** A tiny emulated shell: enough to look around in a container that does not exist. */
import { readCommands } from './shell-words.ts'

export interface Machine {
  hostname: string
  env: Record<string, string>
  /** Contents by absolute path. */
  files: ReadonlyMap<string, string>
  workingDir: string
  now(): Date
}

export interface Outcome {
  stdout: string
  stderr: string
  exitCode: number
  /** The shell itself ends. */
  hasExited?: boolean
}

type Run = (shell: Shell, args: string[]) => Partial<Outcome>

function resolvePath(directory: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

const directories = ['bin', 'dev', 'etc', 'home', 'lib', 'proc', 'root', 'run', 'sys', 'tmp', 'usr', 'var']

/** The names below a directory; undefined when there is no such directory. */
function entriesOf({ files }: Machine, directory: string): string[] | undefined {
  const prefix = directory === '/' ? '/' : `${directory}/`
  const below = [...files.keys()].filter((path) => path.startsWith(prefix))
  const names = new Set(below.map((path) => path.slice(prefix.length).split('/')[0] ?? ''))
  if (directory === '/') for (const name of directories) names.add(name)
  const exists = names.size > 0 || directories.includes(directory.slice(1))
  return exists ? [...names].sort() : undefined
}

function lines(values: string[]): string {
  return values.map((value) => `${value}\n`).join('')
}

function list(shell: Shell, args: string[]): Partial<Outcome> {
  const paths = args.filter((arg) => !arg.startsWith('-'))
  const path = resolvePath(shell.directory, paths[0] ?? '.')
  if (shell.machine.files.has(path)) return { stdout: `${paths[0]}\n` }
  const names = entriesOf(shell.machine, path)
  return names ? { stdout: lines(names) } : { stderr: `ls: ${paths[0]}: No such file or directory\n`, exitCode: 1 }
}

function concatenate(shell: Shell, args: string[]): Partial<Outcome> {
  const outcome = { stdout: '', stderr: '', exitCode: 0 }
  for (const arg of args) {
    const text = shell.machine.files.get(resolvePath(shell.directory, arg))
    if (text !== undefined) outcome.stdout += text
    else {
      outcome.stderr += `cat: can't open '${arg}': No such file or directory\n`
      outcome.exitCode = 1
    }
  }
  return outcome
}

function changeDirectory(shell: Shell, args: string[]): Partial<Outcome> {
  const path = resolvePath(shell.directory, args[0] ?? '/root')
  if (!entriesOf(shell.machine, path)) return { stderr: `sh: cd: can't cd to ${args[0]}\n`, exitCode: 2 }
  shell.directory = path
  return {}
}

function echo(_: Shell, args: string[]): Partial<Outcome> {
  const flags = args.findIndex((arg) => !/^-[neE]+$/.test(arg))
  const options = args.slice(0, flags < 0 ? args.length : flags).join('')
  const text = args.slice(flags < 0 ? args.length : flags).join(' ')
  const written = options.includes('e') ? text.replaceAll('\\n', '\n').replaceAll('\\t', '\t') : text
  return { stdout: options.includes('n') ? written : `${written}\n` }
}

function exit(shell: Shell, args: string[]): Partial<Outcome> {
  return { exitCode: args[0] === undefined ? shell.lastExitCode : Number(args[0]) & 255, hasExited: true }
}

function exportVariables(shell: Shell, args: string[]): Partial<Outcome> {
  for (const arg of args) {
    const [name = '', ...value] = arg.split('=')
    if (value.length > 0) shell.env[name] = value.join('=')
  }
  return {}
}

function environment({ env }: Shell): Partial<Outcome> {
  return { stdout: lines(Object.entries(env).map(([name, value]) => `${name}=${value}`)) }
}

function nested(shell: Shell, args: string[]): Partial<Outcome> {
  const at = args.findIndex((arg) => /^-\w*c$/.test(arg))
  if (at < 0) return {}
  const { hasExited: _, ...outcome } = new Shell(shell.machine, shell).run(args[at + 1] ?? '')
  return outcome
}

const commands: Record<string, Run> = {
  ':': () => ({}),
  bash: nested,
  cat: concatenate,
  cd: changeDirectory,
  date: ({ machine }) => ({ stdout: `${machine.now().toUTCString()}\n` }),
  echo,
  env: environment,
  exit,
  export: exportVariables,
  false: () => ({ exitCode: 1 }),
  hostname: ({ machine }) => ({ stdout: `${machine.hostname}\n` }),
  id: () => ({ stdout: 'uid=0(root) gid=0(root) groups=0(root)\n' }),
  ls: list,
  printenv: (shell, [name]) =>
    name === undefined
      ? environment(shell)
      : { stdout: `${shell.env[name] ?? ''}\n`, exitCode: name in shell.env ? 0 : 1 },
  pwd: ({ directory }) => ({ stdout: `${directory}\n` }),
  sh: nested,
  sleep: () => ({}),
  true: () => ({}),
  uname: (_, args) => ({ stdout: args.includes('-a') ? 'Linux sandbox 6.0.0 x86_64 GNU/Linux\n' : 'Linux\n' }),
  whoami: () => ({ stdout: 'root\n' }),
}

/** The name of a program without its folder: /bin/sh is sh. */
function programOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1)
}

export function isProgram(word: string): boolean {
  return Object.hasOwn(commands, programOf(word))
}

export function isShell(word: string): boolean {
  return ['sh', 'bash', 'ash'].includes(programOf(word))
}

export class Shell {
  readonly machine: Machine
  readonly env: Record<string, string>
  directory: string
  lastExitCode = 0

  constructor(machine: Machine, parent?: Shell) {
    this.machine = machine
    this.env = { ...machine.env, ...parent?.env }
    this.directory = parent?.directory ?? machine.workingDir
  }

  /** Runs one line, or several. */
  run(line: string): Outcome {
    const whole: Outcome = { stdout: '', stderr: '', exitCode: this.lastExitCode }
    for (const { words, after } of readCommands(line, (name) => this.#variable(name))) {
      if ((after === '&&' && this.lastExitCode !== 0) || (after === '||' && this.lastExitCode === 0)) continue
      const outcome = this.runWords(words)
      whole.stdout += outcome.stdout
      whole.stderr += outcome.stderr
      whole.exitCode = outcome.exitCode
      if (outcome.hasExited) return { ...whole, hasExited: true }
    }
    return whole
  }

  runWords([word = '', ...args]: string[]): Outcome {
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(word)
    if (assignment?.[1] !== undefined) {
      this.env[assignment[1]] = assignment[2] ?? ''
      return args.length > 0 ? this.runWords(args) : this.#outcome({})
    }
    const command = isProgram(word) ? commands[programOf(word)] : undefined
    return this.#outcome(command ? command(this, args) : { stderr: `sh: ${word}: not found\n`, exitCode: 127 })
  }

  #outcome(given: Partial<Outcome>): Outcome {
    const outcome = { stdout: '', stderr: '', exitCode: 0, ...given }
    this.lastExitCode = outcome.exitCode
    return outcome
  }

  #variable(name: string): string {
    return name === '?' ? String(this.lastExitCode) : (this.env[name] ?? '')
  }
}

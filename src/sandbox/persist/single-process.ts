/**
 * Keeps two processes from using one data directory at a time, also from two containers that share it and do not see each
 * other's processes: who holds it says so every second.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Fields of the process as the kernel tells them; none where it tells nothing. */
function statusOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may hold anything
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** When the process started, as the kernel counts, so that a number used again is not taken for the old process. */
function startOf(pid: number): string {
  return statusOf(pid)[19] ?? ''
}

/** One that has ended and whose parent does not ask for it uses nothing any more. */
function isAlive(pid: number): boolean {
  if (statusOf(pid)[0] === 'Z') return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Among which processes a number means the same one: this start of this machine, and this container of it. */
function surroundings(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    // Where there is no /proc there are no containers that could share the folder either
    return hostname()
  }
}

interface Claim {
  /** Of this claim alone. */
  id: string
  pid: number
  start: string
  surroundings: string
  host: string
}

/** A machine that has lost its power may leave the file empty: that names nobody. */
function readClaim(file: string): { claim: Claim | undefined; text: string } | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const [, pid, start = ''] = /^([1-9]\d*) (\d*)$/.exec(text.trim()) ?? []
  // As earlier versions have written it
  if (pid) return { claim: { id: '', pid: Number(pid), start, surroundings: surroundings(), host: hostname() }, text }
  try {
    const claim = JSON.parse(text) as Claim
    return { claim: typeof claim?.id === 'string' && claim.pid > 0 ? claim : undefined, text }
  } catch {
    return { claim: undefined, text }
  }
}

/** How often the holder says that it is there, and after how long a silence it is not. */
const beatMs = 1_000
const silenceMs = 15_000

const sleeping = new Int32Array(new SharedArrayBuffer(4))
/** Nothing else is to happen in this process before it has the directory. */
function sleep(ms: number): void {
  Atomics.wait(sleeping, 0, 0, ms)
}

/** Whether the holder is gone. One that cannot be seen from here is watched, by this machine's own clock, until it is silent. */
function isGone(file: string, claim: Claim): boolean {
  if (claim.surroundings === surroundings()) {
    if (claim.pid === process.pid && claim.start === startOf(process.pid)) return !held.has(claim.id)
    return !isAlive(claim.pid) || startOf(claim.pid) !== claim.start
  }
  const beat = () => {
    try {
      return statSync(file).mtimeMs
    } catch {
      return undefined
    }
  }
  const first = beat()
  for (let waited = 0; waited < silenceMs; waited += beatMs / 4) {
    if (beat() !== first) return false
    sleep(beatMs / 4)
  }
  return true
}

const held = new Set<string>()

export interface HeldDirectory {
  /** Whether it is still this process's: not if it was silent for so long that another has taken it. */
  isOurs(): boolean
  release(): void
}

function inUse(directory: string, { claim }: { claim: Claim | undefined }): Error {
  const who = claim ? `process ${claim.pid} on ${claim.host}` : 'another process'
  return new Error(`${directory} is in use by ${who}: stop that one, or choose another directory`)
}

/** Takes the directory; one whose holder has died is taken over. Throws where somebody has it. */
export function claimDirectory(directory: string, onLost: () => void): HeldDirectory {
  const file = join(directory, 'in-use')
  const claim: Claim = {
    id: randomBytes(12).toString('hex'),
    pid: process.pid,
    start: startOf(process.pid),
    surroundings: surroundings(),
    host: hostname(),
  }
  // Whole before it has its name: nobody ever reads half of one.
  const own = `${file}.${claim.id}`
  const handle = openSync(own, 'wx', 0o600)
  writeSync(handle, `${JSON.stringify(claim)}\n`)
  fsyncSync(handle)
  closeSync(handle)
  try {
    take(directory, { file, own })
  } finally {
    rmSync(own, { force: true })
  }
  held.add(claim.id)
  return keep(file, claim, onLost)
}

/** A link is made only where there is no such name: of several that try, one has it. */
function take(directory: string, { file, own }: { file: string; own: string }): void {
  for (;;) {
    try {
      linkSync(own, file)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const found = readClaim(file)
    if (!found) continue
    if (found.claim && !isGone(file, found.claim)) throw inUse(directory, found)
    removeLeft(file, found, own)
  }
}

/** Of several that have found the same claim left behind, none takes away what another has just put there. */
function removeLeft(file: string, { text }: { text: string }, own: string): void {
  const aside = `${own}.left`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    // Somebody was faster, and this is the new claim: it goes back.
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function keep(file: string, { id }: Claim, onLost: () => void): HeldDirectory {
  const isOurs = () => readClaim(file)?.claim?.id === id
  const beating = setInterval(() => {
    if (!isOurs()) {
      clearInterval(beating)
      onLost()
      return
    }
    const now = new Date()
    try {
      utimesSync(file, now, now)
    } catch {
      // Gone since: the next time tells
    }
  }, beatMs)
  beating.unref()
  return {
    isOurs,
    release() {
      clearInterval(beating)
      held.delete(id)
      if (isOurs()) rmSync(file, { force: true })
    },
  }
}

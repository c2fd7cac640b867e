/** Keeps two processes from using one data directory at a time. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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

/** A machine that has lost its power may leave the file empty: that names nobody. */
function holderOf(file: string): { pid: number; start: string } | undefined {
  try {
    const [, pid, start = ''] = /^(\d+)(?: (\d*))?$/.exec(readFileSync(file, 'utf8').trim()) ?? []
    return Number(pid) > 0 ? { pid: Number(pid), start } : undefined
  } catch {
    return undefined
  }
}

const held = new Set<string>()

/** Returns what gives the directory free again; one left by a process that died is taken over. */
export function claimDirectory(directory: string): () => void {
  const file = join(directory, 'in-use')
  const holder = holderOf(file)
  const isOther = holder && holder.pid !== process.pid && isAlive(holder.pid) && startOf(holder.pid) === holder.start
  if (isOther || held.has(file)) {
    const pid = holder?.pid ?? process.pid
    throw new Error(`${directory} is in use by process ${pid}: stop that one, or choose another directory`)
  }
  // At once: a process that is killed meanwhile leaves no half of it.
  writeFileSync(`${file}.new`, `${process.pid} ${startOf(process.pid)}\n`)
  renameSync(`${file}.new`, file)
  held.add(file)
  return () => {
    held.delete(file)
    rmSync(file, { force: true })
  }
}

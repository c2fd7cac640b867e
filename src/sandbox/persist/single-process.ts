/** Keeps two processes from using one data directory at a time. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** When the process started, as the kernel counts, so that a number used again is not taken for the old process. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may hold anything; the start is the 20th field after it
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function holderOf(file: string): { pid: number; start: string } | undefined {
  try {
    const [pid, start = ''] = readFileSync(file, 'utf8').trim().split(' ')
    return { pid: Number(pid), start }
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
  writeFileSync(file, `${process.pid} ${startOf(process.pid)}\n`)
  held.add(file)
  return () => {
    held.delete(file)
    rmSync(file, { force: true })
  }
}

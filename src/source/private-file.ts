/**
 * Secrets as files, for programs that read them from nowhere else: without a name in any directory, in memory where the
 * system has memory for it, and gone when they are closed or this process ends.
 */
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PrivateFiles {
  /** Where the program finds the content. The path tells nothing, and only this user can open it. */
  add(content: string): string
  close(): void
}

const memory = '/dev/shm'

export function openPrivateFiles(): PrivateFiles {
  return process.platform === 'linux' ? namelessFiles() : shortLivedFiles()
}

/** The name is gone before anything is written; what is left is a file descriptor of ours, which only we can give. */
function namelessFiles(): PrivateFiles {
  const descriptors: number[] = []
  return {
    add(content) {
      const name = join(isWritable(memory) ? memory : tmpdir(), `tiphys-${randomBytes(12).toString('hex')}`)
      const descriptor = openSync(name, 'wx+', 0o600)
      unlinkSync(name)
      descriptors.push(descriptor)
      writeSync(descriptor, content)
      return `/proc/${process.pid}/fd/${descriptor}`
    },
    close() {
      for (const descriptor of descriptors.splice(0)) closeSync(descriptor)
    },
  }
}

/** Where files cannot be reached by descriptor. */
function shortLivedFiles(): PrivateFiles {
  let directory: string | undefined
  let count = 0
  return {
    add(content) {
      directory ??= mkdtempSync(join(tmpdir(), 'tiphys-'))
      const file = join(directory, String(count++))
      writeFileSync(file, content, { mode: 0o600, flag: 'wx' })
      return file
    },
    close() {
      if (directory) rmSync(directory, { recursive: true, force: true })
    },
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}

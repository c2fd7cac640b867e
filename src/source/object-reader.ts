/** Reads Git objects through one long-lived `git cat-file --batch` that ends by itself when nobody asks for a while. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'

export interface GitObject {
  type: 'commit' | 'tree' | 'blob' | 'tag'
  /** Undefined when the object is larger than what was asked for. */
  content: Buffer | undefined
  size: number
}

export interface ObjectReader {
  /** Undefined when the object is not in the database. */
  read(oid: string, sizeLimit: number): Promise<GitObject | undefined>
  close(): void
}

interface Request {
  sizeLimit: number
  resolve(found: GitObject | undefined): void
  reject(error: Error): void
}

export interface ObjectReaderOptions {
  environment: Record<string, string>
  idleMs: number
}

export function openObjectReader({ environment, idleMs }: ObjectReaderOptions): ObjectReader {
  let session: Session | undefined
  let idle: NodeJS.Timeout | undefined
  const end = (): void => {
    session?.end()
    session = undefined
  }
  return {
    read(oid, sizeLimit) {
      if (!/^[0-9a-f]{40,64}$/.test(oid)) return Promise.reject(new Error(`not an object id: ${oid}`))
      if (!session?.alive()) session = startSession(environment)
      clearTimeout(idle)
      idle = setTimeout(end, idleMs)
      idle.unref()
      return session.read(oid, sizeLimit)
    },
    close() {
      clearTimeout(idle)
      end()
    },
  }
}

interface Session {
  alive(): boolean
  read(oid: string, sizeLimit: number): Promise<GitObject | undefined>
  end(): void
}

function startSession(environment: Record<string, string>): Session {
  const child: ChildProcessWithoutNullStreams = spawn('git', ['cat-file', '--batch'], { env: environment })
  const waiting: Request[] = []
  let ended = false
  let errors = ''
  const fail = (error: Error): void => {
    ended = true
    for (const request of waiting.splice(0)) request.reject(error)
    child.kill('SIGKILL')
  }
  const parser = parseBatch(
    (found) => waiting.shift()?.resolve(found),
    () => waiting[0]?.sizeLimit ?? 0,
  )
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      parser(chunk)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-2000)
  })
  child.stdin.on('error', () => {})
  child.on('error', fail)
  child.on('close', () => fail(new Error(`git cat-file ended${errors ? `: ${errors.trim()}` : ''}`)))
  return {
    alive: () => !ended,
    read: (oid, sizeLimit) =>
      new Promise((resolve, reject) => {
        waiting.push({ sizeLimit, resolve, reject })
        child.stdin.write(`${oid}\n`)
      }),
    end() {
      ended = true
      child.stdin.end()
    },
  }
}

/** A parser of `<oid> <type> <size>\n<content>\n` and `<oid> missing\n`, fed chunk by chunk. */
function parseBatch(found: (object: GitObject | undefined) => void, limit: () => number): (chunk: Buffer) => void {
  let header = ''
  let object: GitObject | undefined
  let parts: Buffer[] = []
  /** Bytes of the content and its closing line feed that are still to come. */
  let remaining = 0
  function takeHeader(line: string): void {
    const [, type, size] = line.split(' ')
    if (type === 'missing') {
      found(undefined)
      return
    }
    if (!type || !size || !/^\d+$/.test(size)) throw new Error(`git cat-file answered ${JSON.stringify(line)}`)
    object = { type: type as GitObject['type'], content: undefined, size: Number(size) }
    remaining = object.size + 1
    parts = []
  }
  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (!object) {
        const lineEnd = chunk.indexOf(10, at)
        header += chunk.toString('latin1', at, lineEnd < 0 ? chunk.length : lineEnd)
        if (lineEnd < 0) return
        at = lineEnd + 1
        takeHeader(header)
        header = ''
        continue
      }
      const part = chunk.subarray(at, at + remaining)
      if (object.size <= limit()) parts.push(part)
      at += part.length
      remaining -= part.length
      if (remaining > 0) return
      const done = object
      if (done.size <= limit()) done.content = Buffer.concat(parts).subarray(0, done.size)
      object = undefined
      parts = []
      found(done)
    }
  }
}

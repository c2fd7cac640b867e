/** Bodies of webhooks while they come in: anybody may send one, so that what they take of memory and time is bounded. */
import type { Readable } from 'node:stream'
import { ApiError } from '../api-error.ts'

export interface BodyRoomOptions {
  /** Of one body. */
  limit(): number
  /** So long a body may take to come in; Git hosts wait no longer themselves. */
  bodyMs: number
}

export interface ReceivedBody {
  body: Buffer
  /** Nobody needs it any more. */
  release(): void
}

export interface BodyRoom {
  /** Rejects with an ApiError; what is left of the body is to be thrown away then. `from`: who sends it. */
  receive(stream: Readable, from: string): Promise<ReceivedBody>
}

/** How many bodies of the largest size have room; bytes count and not connections, since most bodies are small. */
const mostBodies = 4
const mostBodiesOfOne = 2

export function openBodyRoom({ limit, bodyMs }: BodyRoomOptions): BodyRoom {
  /** Who sends → bytes that are held for them. */
  const held = new Map<string, number>()
  let all = 0

  function take(from: string, bytes: number): void {
    const ofOne = (held.get(from) ?? 0) + bytes
    if (ofOne > mostBodiesOfOne * limit() || all + bytes > mostBodies * limit()) {
      throw new ApiError('Unavailable', 'too many large webhooks at once: send it again later')
    }
    held.set(from, ofOne)
    all += bytes
  }

  function give(from: string, bytes: number): void {
    const left = (held.get(from) ?? 0) - bytes
    if (left > 0) held.set(from, left)
    else held.delete(from)
    all -= bytes
  }

  return {
    async receive(stream, from) {
      const chunks: Buffer[] = []
      let bytes = 0
      try {
        await untilEnd(stream, bodyMs, (chunk) => {
          if (bytes + chunk.length > limit()) throw tooLarge(limit())
          take(from, chunk.length)
          bytes += chunk.length
          chunks.push(chunk)
        })
      } catch (error) {
        give(from, bytes)
        throw error
      }
      return { body: Buffer.concat(chunks), release: () => give(from, bytes) }
    },
  }
}

export function tooLarge(limit: number): ApiError {
  return new ApiError('InvalidArgument', `the payload is larger than ${limit / 2 ** 20} MB`, { status: 413 })
}

function untilEnd(stream: Readable, ms: number, onChunk: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      settle(new ApiError('DeadlineExceeded', `the body has not come in within ${ms / 1000} s`, { status: 408 }))
    }, ms)
    const onData = (chunk: Buffer) => {
      try {
        onChunk(chunk)
      } catch (error) {
        settle(error)
      }
    }
    const onEnd = () => settle()
    const onBreak = () => settle(new ApiError('InvalidArgument', 'the body has ended before its end'))

    function settle(error?: unknown): void {
      clearTimeout(timer)
      stream.off('data', onData).off('end', onEnd).off('close', onBreak)
      if (error === undefined) {
        resolve()
        return
      }
      // The answer can be read only by who has not been cut off.
      stream.resume()
      reject(error)
    }

    stream.on('data', onData).on('end', onEnd).on('close', onBreak).on('error', onBreak)
  })
}

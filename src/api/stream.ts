/** Messages one after the other over one answer: newline-delimited JSON, server-sent events for who accepts them, or text. */
import { once } from 'node:events'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import { stringifyJson } from '../model/index.ts'
import { makeWay } from '../process/fair-turn.ts'
import { asApiError } from './api-error.ts'

const keepaliveMs = 15_000

interface Format {
  contentType: string
  result(json: Buffer): Buffer
  error(failure: object): Buffer
  /** Sent while there is nothing to say. */
  keepalive?: string
}

const formats = {
  lines: {
    contentType: 'application/x-ndjson',
    result: (json) => between('{"result":', json, '}\n'),
    error: (failure) => between('{"error":', bytes(failure), '}\n'),
  },
  events: {
    contentType: 'text/event-stream',
    result: (json) => between('data: {"result":', json, '}\n\n'),
    error: (failure) => between('data: {"error":', bytes(failure), '}\n\n'),
    keepalive: ':\n',
  },
  /** Messages are text already. */
  text: {
    contentType: 'application/octet-stream',
    result: (text) => text,
    error: (failure) => Buffer.from(`${(failure as { message: string }).message}\n`),
  },
} satisfies Record<string, Format>
export type StreamFormat = keyof typeof formats

export function streamFormat(accept: string | undefined): StreamFormat {
  return accept?.includes('text/event-stream') ? 'events' : 'lines'
}

export interface StreamOptions {
  format: StreamFormat
  /** In addition to those of streams. */
  headers: Record<string, string | number | string[] | undefined>
  signal: AbortSignal
}

/**
 * Asks for the next message only when the client has taken the one before; one that is a Buffer is sent as it is. Ends with
 * the messages or the connection.
 */
export async function sendStream(
  response: ServerResponse,
  messages: AsyncIterable<unknown>,
  { format: name, headers, signal }: StreamOptions,
): Promise<void> {
  const format: Format = formats[name]
  response.writeHead(200, {
    ...headers,
    'content-type': format.contentType,
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  const { keepalive } = format
  const timer = keepalive
    ? setInterval(() => response.writableNeedDrain || response.write(keepalive), keepaliveMs)
    : undefined
  try {
    for await (const message of messages) {
      // Thousands at once when it begins, and all readers together share what the thread has to spare.
      await makeWay()
      if (signal.aborted) break
      const result = message instanceof Buffer ? message : bytes(message)
      if (!response.write(format.result(result))) await once(response, 'drain', { signal })
    }
  } catch (error) {
    if (!signal.aborted) response.write(format.error(streamFailure(error)))
  } finally {
    clearInterval(timer)
    response.end()
  }
}

function bytes(message: unknown): Buffer {
  return Buffer.from(stringifyJson(message))
}

function between(before: string, json: Buffer, after: string): Buffer {
  return Buffer.concat([Buffer.from(before), json, Buffer.from(after)])
}

function streamFailure(error: unknown) {
  const { status, body } = asApiError(error)
  return { grpc_code: body.code, http_code: status, message: body.message, http_status: STATUS_CODES[status] ?? '' }
}

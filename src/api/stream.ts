/** Messages one after the other over one answer: newline-delimited JSON, or server-sent events for who accepts them. */
import { once } from 'node:events'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import { stringifyJson } from '../model/index.ts'
import { asApiError } from './api-error.ts'

const keepaliveMs = 15_000
const lineEnd = Buffer.from('}\n')
const eventEnd = Buffer.from('}\n\n')

export type StreamFormat = 'lines' | 'events'

export function streamFormat(accept: string | undefined): StreamFormat {
  return accept?.includes('text/event-stream') ? 'events' : 'lines'
}

/** A message that is a Buffer is JSON already. Asks for the next message only when the client has taken the one before. Ends with the messages or the connection. */
export async function sendStream(
  response: ServerResponse,
  messages: AsyncIterable<unknown>,
  { format, signal }: { format: StreamFormat; signal: AbortSignal },
): Promise<void> {
  const isEvents = format === 'events'
  response.writeHead(200, {
    'content-type': isEvents ? 'text/event-stream' : 'application/x-ndjson',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  const frame = (name: 'result' | 'error', message: unknown) => {
    const json = message instanceof Buffer ? message : Buffer.from(stringifyJson(message))
    return Buffer.concat([Buffer.from(`${isEvents ? 'data: ' : ''}{"${name}":`), json, isEvents ? eventEnd : lineEnd])
  }
  const keepalive = isEvents
    ? setInterval(() => response.writableNeedDrain || response.write(':\n'), keepaliveMs)
    : undefined
  try {
    for await (const result of messages) {
      if (signal.aborted) break
      if (!response.write(frame('result', result))) await once(response, 'drain', { signal })
    }
  } catch (error) {
    if (!signal.aborted) response.write(frame('error', streamFailure(error)))
  } finally {
    clearInterval(keepalive)
    response.end()
  }
}

function streamFailure(error: unknown) {
  const { status, body } = asApiError(error)
  return { grpc_code: body.code, http_code: status, message: body.message, http_status: STATUS_CODES[status] ?? '' }
}

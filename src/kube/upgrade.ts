/** A request that turns its connection into something else. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import { errorOfAnswer, KubeError } from './kube-error.ts'

/** The bare connection, once the server has agreed. */
export interface Upgraded {
  headers: IncomingHttpHeaders
  socket: Duplex
}

/**
 * undici's own `upgrade` does not tell what a server says that refuses. The connection is one of the dispatcher's, so
 * authorities, certificates and proxies are those of every other request.
 */
export function requestUpgrade(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions & { upgrade: string },
  signal?: AbortSignal,
): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const body: Buffer[] = []
    let code = 0
    let retryAfter: string | undefined
    let abort = () => {}
    const settled = () => signal?.removeEventListener('abort', abort)
    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        abort = () => controller.abort(signal?.reason)
        if (signal?.aborted) abort()
        signal?.addEventListener('abort', abort, { once: true })
      },
      onRequestUpgrade(_controller, _status, headers, socket) {
        settled()
        // Nobody listens yet, and an error that nobody hears ends the process.
        socket.on('error', () => {})
        resolve({ headers, socket })
      },
      onResponseStart(_controller, status, headers) {
        code = status
        retryAfter = headers['retry-after']?.toString()
      },
      onResponseData: (_controller, chunk) => void body.push(chunk),
      onResponseEnd() {
        settled()
        reject(code < 300 ? notUpgraded(code) : errorOfAnswer(code, Buffer.concat(body).toString(), retryAfter))
      },
      onResponseError(_controller, error) {
        settled()
        reject(error)
      },
    })
  })
}

function notUpgraded(code: number): KubeError {
  const message = `the server answered ${code} instead of upgrading the connection: does a proxy in between allow WebSockets?`
  return new KubeError(message, { code: 0, reason: 'BadAnswer' })
}

/** The replay's own HTTPS client, on Node's plain https so that any method and header can be sent. */
import { Agent, request } from 'node:https'

export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

export interface Connection {
  send(call: { method: string; path: string; headers: Record<string, string>; body?: string }): Promise<Reply>
  close(): void
}

export function connect(url: string, caPem: string): Connection {
  const agent = new Agent({ ca: caPem, keepAlive: true })
  const { hostname, port } = new URL(url)
  return {
    send({ method, path, headers, body }) {
      return new Promise((resolve, reject) => {
        const outgoing = request({ agent, hostname, port, method, path, headers }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
          })
        })
        outgoing.on('error', reject)
        outgoing.end(body)
      })
    },
    close: () => agent.destroy(),
  }
}

/** Answers on the wire. */
import type { ServerResponse } from 'node:http'
import { dump } from 'js-yaml'
import type { Cluster } from '../lifecycle/cluster.ts'
import { presented } from '../lifecycle/convert.ts'
import type { StatusError } from '../status.ts'
import type { Answer } from './answer.ts'
import { negotiate, type Representation } from './negotiate.ts'
import { listText, objectText, partialMetadata } from './render.ts'
import { startWatch } from './watch.ts'

interface Text {
  code: number
  contentType: string
  text: string
  headers?: Record<string, string>
}

function yaml(json: string): string {
  return dump(JSON.parse(json) as unknown, { sortKeys: true, lineWidth: -1, noRefs: true })
}

function encoded(code: number, json: string, { encoding, mediaType }: Representation): Text {
  return { code, contentType: mediaType, text: encoding === 'yaml' ? yaml(json) : json }
}

function textOf(answer: Exclude<Answer, { kind: 'watch' }>, representation: Representation): Text {
  if (answer.kind === 'text') return answer
  if (answer.kind === 'object') {
    const object = representation.as === 'metadata' ? partialMetadata(answer.object) : answer.object
    return encoded(answer.code, objectText(object), representation)
  }
  const items = answer.items.map((item) => presented(answer.resource, item))
  return encoded(200, listText(answer.resource, answer.metadata, items), representation)
}

export function sendText(response: ServerResponse, { code, contentType, text, headers }: Text): void {
  const body = Buffer.from(text)
  response.writeHead(code, { ...headers, 'content-type': contentType, 'content-length': body.length })
  response.end(body)
}

function warningHeaders(warnings: string[] | undefined): string[] {
  return (warnings ?? []).map((text) => `299 - ${JSON.stringify(text)}`)
}

export function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  context: { cluster: Cluster; accept: string | undefined },
): void {
  if (answer.kind === 'text') {
    sendText(response, answer)
    return
  }
  if (answer.warnings?.length) response.setHeader('warning', warningHeaders(answer.warnings))
  const representation = negotiate(context.accept)
  if (answer.kind !== 'watch') {
    sendText(response, textOf(answer, representation))
    return
  }
  response.writeHead(200, { 'content-type': representation.mediaType })
  response.flushHeaders()
  const watcher = startWatch(context.cluster, answer.watch, {
    send: (line) => response.write(line),
    end: () => response.end(),
  })
  response.on('close', () => watcher.stop())
}

export function sendRefusal(response: ServerResponse, error: StatusError): void {
  const text = JSON.stringify(error.status)
  sendText(response, { code: error.status.code, contentType: 'application/json', text, headers: error.headers })
}

/** Answers on the wire, in the representation that was asked for. */
import type { ServerResponse } from 'node:http'
import { dump } from 'js-yaml'
import type { Resource } from '../discovery/resource.ts'
import type { Cluster } from '../lifecycle/cluster.ts'
import { presented } from '../lifecycle/convert.ts'
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { toJson } from '../typed/json.ts'
import type { Answer } from './answer.ts'
import { committedLines } from './committed-lines.ts'
import { negotiate, type Representation } from './negotiate.ts'
import { listText, metadataListText, objectText, partialMetadata } from './render.ts'
import { includeObject, type TableOptions, tableOf } from './table.ts'
import { startWatch } from './watch.ts'

interface Text {
  code: number
  contentType: string
  text: string
  headers?: Record<string, string>
}

/** What the rendering of an answer must know of its request. */
export interface Asked {
  cluster: Cluster
  accept: string | undefined
  /** The query's includeObject. */
  include: string | null
}

function yaml(json: string): string {
  return dump(JSON.parse(json) as unknown, { sortKeys: true, lineWidth: -1, noRefs: true })
}

function encoded(code: number, json: string, { encoding, mediaType }: Representation): Text {
  return { code, contentType: mediaType, text: encoding === 'yaml' ? yaml(json) : json }
}

function tableOptions({ cluster, include }: Asked): TableOptions {
  return { now: cluster.clock(), include: includeObject(include) }
}

function isStatus(object: KubeObject): boolean {
  return object.kind === 'Status' && object.apiVersion === 'v1'
}

/** The text of one object; a Status is never turned into anything else. */
function objectAs(resource: Resource | undefined, object: KubeObject, as: Representation['as'], asked: Asked): string {
  if (as === 'object' || isStatus(object)) return objectText(object)
  if (as !== 'table' || !resource) return objectText(partialMetadata(object))
  const metadata = { resourceVersion: object.metadata.resourceVersion ?? '' }
  return toJson(tableOf(asked.cluster.store, resource, [object], { ...tableOptions(asked), metadata }))
}

function listAs(answer: Extract<Answer, { kind: 'list' }>, as: Representation['as'], asked: Asked): string {
  const { resource, metadata } = answer
  const items = answer.items.map((item) => presented(asked.cluster, resource, item))
  switch (as) {
    case 'object':
      return listText(resource, resource.custom ? { continue: '', ...metadata } : metadata, items)
    case 'metadata-list':
      return metadataListText(metadata, items)
    case 'table':
      return toJson(tableOf(asked.cluster.store, resource, items, { ...tableOptions(asked), metadata }))
    case 'metadata':
      throw new StatusError({
        message: `you requested PartialObjectMetadata, but the requested object is a list (*core.${resource.listKind})`,
        reason: 'NotAcceptable',
        code: 406,
      })
  }
}

export function sendText(response: ServerResponse, { code, contentType, text, headers }: Text): void {
  const body = Buffer.from(text)
  response.writeHead(code, { ...headers, 'content-type': contentType, 'content-length': body.length })
  response.end(body)
}

/** Texts as the Warning header gives them, each once. */
export function warningHeaders(warnings: string[]): string[] {
  return [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`)
}

function streamWatch(response: ServerResponse, answer: Extract<Answer, { kind: 'watch' }>, asked: Asked): void {
  const { as, mediaType } = negotiate(asked.accept)
  const { resource } = answer.watch
  let withoutColumns = false
  function textOf(object: KubeObject, isBookmark: boolean): string {
    if (as !== 'table') return objectAs(resource, object, as === 'metadata-list' ? 'metadata' : as, asked)
    const metadata = { resourceVersion: object.metadata.resourceVersion ?? '' }
    const options = { ...tableOptions(asked), metadata, withoutColumns }
    withoutColumns = true
    return toJson(tableOf(asked.cluster.store, resource, isBookmark ? [] : [object], options))
  }
  response.writeHead(200, { 'content-type': mediaType })
  response.flushHeaders()
  const watcher = startWatch(asked.cluster, answer.watch, {
    textOf,
    ...committedLines(asked.cluster.store, response),
  })
  response.on('close', () => watcher.stop())
}

async function streamText(response: ServerResponse, answer: Extract<Answer, { kind: 'stream' }>): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.flushHeaders()
  response.on('close', () => answer.stop())
  for await (const chunk of answer.chunks) response.write(chunk)
  response.end()
}

export function sendAnswer(response: ServerResponse, answer: Answer, asked: Asked): void {
  if (answer.kind === 'text') {
    sendText(response, answer)
    return
  }
  if (answer.kind === 'stream') {
    void streamText(response, answer)
    return
  }
  if (answer.kind === 'watch') {
    streamWatch(response, answer, asked)
    return
  }
  const representation = negotiate(asked.accept)
  if (answer.kind === 'list') {
    sendText(response, encoded(200, listAs(answer, representation.as, asked), representation))
    return
  }
  const text = objectAs(answer.resource, answer.object, representation.as, asked)
  sendText(response, encoded(answer.code, text, representation))
}

/** A refusal is a Status in whatever the client reads, and JSON for one that reads nothing we write. */
export function sendRefusal(response: ServerResponse, error: StatusError, accept: string | undefined): void {
  let representation = negotiate(undefined)
  try {
    representation = negotiate(accept)
  } catch {
    // The 406 itself is told in JSON.
  }
  const text = encoded(error.status.code, JSON.stringify(error.status), representation)
  sendText(response, { ...text, headers: error.headers })
}

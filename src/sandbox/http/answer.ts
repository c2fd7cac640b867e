/** What a verb answers, before it is put into the representation that was asked for. */
import type { Resource } from '../discovery/resource.ts'
import type { ListMeta } from '../lifecycle/read.ts'
import type { KubeObject } from '../object.ts'
import type { WatchRequest } from './watch.ts'

export type Answer =
  | { kind: 'object'; code: number; object: KubeObject; resource?: Resource }
  | { kind: 'list'; resource: Resource; metadata: ListMeta; items: readonly KubeObject[] }
  | { kind: 'text'; code: number; contentType: string; text: string; headers?: Record<string, string> }
  | { kind: 'watch'; watch: WatchRequest }
  | { kind: 'stream'; chunks: AsyncIterable<string>; stop(): void }

/** Any JSON document that is no API object. */
export function json(body: unknown, headers: Record<string, string> = {}): Answer {
  return { kind: 'text', code: 200, contentType: 'application/json', text: JSON.stringify(body), headers }
}

export function plain(text: string, code = 200): Answer {
  return { kind: 'text', code, contentType: 'text/plain; charset=utf-8', text }
}

export function pageNotFound(): Answer {
  return plain('404 page not found\n', 404)
}

/** A watch: the changes of a collection after a version, until the server or the network ends it. */
import { lines } from './json-lines.ts'
import type { ApiResource, WatchOptions } from './kube-client.ts'
import { KubeError } from './kube-error.ts'
import { selectors, withKind } from './list.ts'
import { resourcePath } from './resource-path.ts'
import type { Transport } from './transport.ts'
import { parseWatchEvent, type WatchEvent } from './watch-event.ts'

const metadataWatch = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'

/** Servers send a bookmark about once a minute: a connection silent for this long is taken for dead. */
const silenceMs = 240_000

/** Resolves when the server has accepted the watch. The iteration ends when the connection ends, however it ends. */
export async function openWatch(
  transport: Transport,
  resource: ApiResource,
  options: WatchOptions,
): Promise<AsyncIterable<WatchEvent>> {
  const query = selectors(options)
  query.set('watch', 'true')
  query.set('allowWatchBookmarks', 'true')
  query.set('resourceVersion', options.resourceVersion)
  query.set('timeoutSeconds', String(options.timeoutSeconds ?? 300))
  const body = await transport.stream({
    verb: 'watch',
    method: 'GET',
    path: resourcePath(resource, { namespace: options.namespace }),
    query,
    accept: options.metadataOnly ? metadataWatch : undefined,
    signal: options.signal,
    silenceMs,
    attempts: options.attempts,
  })
  return events(body, resource, options.signal)
}

async function* events(body: AsyncIterable<Buffer>, resource: ApiResource, signal?: AbortSignal) {
  try {
    for await (const line of lines(body)) {
      const event = parseWatchEvent(line)
      if (!event) continue
      yield event.type === 'BOOKMARK' ? event : { ...event, object: withKind(event.object, resource) }
    }
  } catch (error) {
    signal?.throwIfAborted()
    // A connection that breaks is how most watches end: whoever watches goes on from the last version.
    if (error instanceof KubeError) throw error
  }
}

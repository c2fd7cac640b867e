/** A Kubernetes API reduced to lists and watches, which misbehaves on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ServedObject {
  apiVersion: string
  kind: string
  metadata: Record<string, unknown> & { name: string; namespace?: string; uid: string; resourceVersion: string }
  [field: string]: unknown
}

export interface ServedKind {
  group: string
  version: string
  kind: string
  resource: string
  namespaced: boolean
}

interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  collection: string
  object: ServedObject
}

interface Watcher {
  collection: string
  namespace?: string
  response: ServerResponse
}

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: unknown
  /** The body's text as it is. */
  raw?: string
  /** Sends only so many bytes of the body, then breaks the connection. */
  cutAfter?: number
}

export type Mischief = (request: { method: string; url: URL; watch: boolean }) => Answer | undefined

export const configMaps: ServedKind = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
}

export async function startUnrulyServer(kinds: ServedKind[] = [configMaps]) {
  let version = 100
  let uids = 0
  let life = 1
  let compacted = 0
  let collections = new Map<string, Map<string, ServedObject>>()
  let history: { version: number; change: Change }[] = []
  let mischief: Mischief = () => undefined
  const watchers = new Set<Watcher>()
  const snapshots = new Map<string, { objects: ServedObject[]; version: number }>()
  const log: string[] = []
  let port = 0
  let server = createServer(handle)

  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']
  const collectionOf = ({ group, version, resource }: ServedKind) =>
    `${group ? `/apis/${group}` : '/api'}/${version}/${resource}`
  const objects = (collection: string) => [...(collections.get(collection) ?? new Map()).values()] as ServedObject[]
  const keyOf = ({ namespace = '', name }: { namespace?: string; name: string }) => `${namespace}/${name}`

  function discovery(root: string) {
    const groups = new Map<string, ServedKind[]>()
    for (const kind of kinds)
      if ((kind.group === '') === (root === '/api')) groups.set(kind.group, [...(groups.get(kind.group) ?? []), kind])
    const items = [...groups].map(([name, members]) => ({
      metadata: { name },
      versions: [...new Set(members.map((member) => member.version))].map((version) => ({
        version,
        resources: members
          .filter((member) => member.version === version)
          .map(({ resource, kind, namespaced }) => ({
            resource,
            responseKind: { group: name, version, kind },
            scope: namespaced ? 'Namespaced' : 'Cluster',
            verbs,
          })),
      })),
    }))
    return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items }
  }

  function send(response: ServerResponse, { status, headers = {}, body = {}, raw, cutAfter }: Answer) {
    const text = raw ?? JSON.stringify(body)
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    if (cutAfter === undefined) return response.end(text)
    response.write(text.slice(0, cutAfter), () => response.destroy())
  }

  function status(code: number, reason: string, message = reason): Answer {
    return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message } }
  }

  function handle(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://server')
    const watch = url.searchParams.get('watch') === 'true'
    log.push(`${watch ? 'WATCH' : request.method} ${request.url}`)
    request.resume()
    const trick = mischief({ method: request.method ?? '', url, watch })
    if (trick) return send(response, trick)
    if (url.pathname === '/version') return send(response, { status: 200, body: { gitVersion: 'v1.36.2' } })
    if (url.pathname === '/api' || url.pathname === '/apis')
      return send(response, { status: 200, body: discovery(url.pathname) })
    if (url.pathname === '/api/v1/namespaces/kube-system')
      return send(response, { status: 200, body: { metadata: { name: 'kube-system', uid: `life-${life}` } } })
    const namespace = /\/namespaces\/([^/]+)\/[^/]+$/.exec(url.pathname)?.[1]
    const collection = url.pathname.replace(/\/namespaces\/[^/]+(?=\/)/, '')
    if (!kinds.some((kind) => collectionOf(kind) === collection)) return send(response, status(404, 'NotFound'))
    if (watch) return startWatch(response, { url, collection, namespace })
    return send(response, list(url, { collection, namespace }))
  }

  function list(url: URL, { collection, namespace }: { collection: string; namespace?: string }): Answer {
    const limit = Number(url.searchParams.get('limit') ?? 0)
    const token = url.searchParams.get('continue')
    const [id = '', offset = '0'] = token?.split('.') ?? []
    const snapshot = token
      ? snapshots.get(id)
      : {
          objects: objects(collection).filter((object) => !namespace || object.metadata.namespace === namespace),
          version,
        }
    if (!snapshot) return status(410, 'Expired', 'The provided continue parameter is too old')
    const from = Number(offset)
    const to = limit ? from + limit : snapshot.objects.length
    const more = to < snapshot.objects.length
    const newId = token ? id : String(snapshots.size + 1)
    if (more) snapshots.set(newId, snapshot)
    const items = snapshot.objects.slice(from, to)
    const metadata = { resourceVersion: String(snapshot.version), ...(more && { continue: `${newId}.${to}` }) }
    return { status: 200, body: { kind: 'List', apiVersion: 'v1', metadata, items } }
  }

  function startWatch(
    response: ServerResponse,
    { url, collection, namespace }: { url: URL; collection: string; namespace?: string },
  ) {
    const from = Number(url.searchParams.get('resourceVersion'))
    if (from < compacted) return send(response, status(410, 'Expired', 'too old resource version'))
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    const watcher = { collection, namespace, response }
    for (const entry of history) if (entry.version > from) tell(watcher, entry.change)
    watchers.add(watcher)
    response.on('close', () => watchers.delete(watcher))
  }

  function tell({ collection, namespace, response }: Watcher, change: Change) {
    if (change.collection !== collection) return
    if (namespace && change.object.metadata.namespace !== namespace) return
    response.write(`${JSON.stringify({ type: change.type, object: change.object })}\n`)
  }

  function record(change: Change) {
    history.push({ version, change })
    for (const watcher of watchers) tell(watcher, change)
  }

  function listen(): Promise<void> {
    return new Promise((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  }

  await listen()

  return {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    /** `METHOD path?query` of every request so far. */
    log,
    watchers,
    kinds,
    objects: (kind: ServedKind) => objects(collectionOf(kind)),
    put(
      kind: ServedKind,
      name: { namespace?: string; name: string },
      fields: Record<string, unknown> = {},
    ): ServedObject {
      const collection = collectionOf(kind)
      const all = collections.get(collection) ?? new Map<string, ServedObject>()
      collections.set(collection, all)
      const before = all.get(keyOf(name))
      const { metadata, ...rest } = fields as { metadata?: object }
      const object: ServedObject = {
        apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version,
        kind: kind.kind,
        ...rest,
        metadata: {
          ...metadata,
          ...name,
          uid: before?.metadata.uid ?? `uid-${++uids}`,
          resourceVersion: String(++version),
        },
      }
      all.set(keyOf(name), object)
      record({ type: before ? 'MODIFIED' : 'ADDED', collection, object })
      return object
    },
    remove(kind: ServedKind, name: { namespace?: string; name: string }): void {
      const collection = collectionOf(kind)
      const before = collections.get(collection)?.get(keyOf(name))
      if (!before) return
      collections.get(collection)?.delete(keyOf(name))
      const metadata = { ...before.metadata, resourceVersion: String(++version) }
      record({ type: 'DELETED', collection, object: { ...before, metadata } })
    },
    bookmark(at = version): void {
      for (const { response } of watchers)
        response.write(
          `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(at) } } })}\n`,
        )
    },
    /** Sends a line of any content to every watcher. */
    say(line: string): void {
      for (const { response } of watchers) response.write(line)
    },
    /** Ends every watch: properly, by breaking the connection, or in the middle of a line. */
    disconnect(how: 'end' | 'break' | 'mid-line'): void {
      for (const { response } of watchers) {
        if (how === 'end') response.end()
        else if (how === 'break') response.destroy()
        else response.write('{"type":"ADDED","object":{"metadata":{"name":"ha', () => response.destroy())
      }
      watchers.clear()
    },
    /** Forgets the history: older watches get 410, and lists that are half read are lost. */
    compact(): void {
      compacted = version
      history = []
      snapshots.clear()
    },
    misbehave(next: Mischief): void {
      mischief = next
    },
    behave(): void {
      mischief = () => undefined
    },
    async stop(): Promise<void> {
      const stopped = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await stopped
    },
    /** Comes back on the same port. `empty`: as another cluster that knows nothing of the first. */
    async start({ empty = false, at = 1 }: { empty?: boolean; at?: number } = {}): Promise<void> {
      if (empty) {
        life++
        collections = new Map()
        history = []
        version = at
        compacted = 0
      }
      server = createServer(handle)
      await listen()
    },
  }
}

export type UnrulyServer = Awaited<ReturnType<typeof startUnrulyServer>>

/** From a path to what it names, by the rules every API server shares. */

export interface ResourceRoute {
  group: string
  version: string
  /** '' when the path names none. */
  namespace: string
  resource: string
  name: string
  subresource: string
  /** The deprecated /api/v1/watch/… paths. */
  isWatchPath: boolean
  /** What follows the subresource, as in pods/p/proxy/a/b. */
  rest: string[]
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The parts of `/api/v1/…` or `/apis/g/v/…` that name a resource; undefined for every other path. */
export function parseRoute(path: string): ResourceRoute | undefined {
  const parts = path.split('/').slice(1)
  const root = parts.shift()
  if (root !== 'api' && root !== 'apis') return undefined
  const group = root === 'apis' ? parts.shift() : ''
  const version = parts.shift()
  if (group === undefined || !version) return undefined
  const isWatchPath = parts[0] === 'watch'
  if (isWatchPath) parts.shift()
  while (parts.at(-1) === '') parts.pop()
  if (parts.length === 0) return undefined
  let namespace = ''
  if (parts[0] === 'namespaces' && parts.length > 1) {
    namespace = decoded(parts[1] ?? '')
    const isOwn = parts.length === 2 || (parts.length === 3 && (parts[2] === 'status' || parts[2] === 'finalize'))
    if (!isOwn) parts.splice(0, 2)
  }
  const [resource = '', name = '', subresource = '', ...rest] = parts.map(decoded)
  return { group, version, namespace, resource, name, subresource, isWatchPath, rest }
}

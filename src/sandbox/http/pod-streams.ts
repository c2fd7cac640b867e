/** Pod logs, and the upgraded connections of exec and attach. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { authenticate } from '../access/authenticate.ts'
import { authorize } from '../access/authorize.ts'
import { systemClock } from '../controllers/clock.ts'
import type { Pod } from '../controllers/workload.ts'
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { getObject } from '../lifecycle/read.ts'
import { handleExec } from '../node/exec.ts'
import { podLogs, readLogOptions } from '../node/pod-logs.ts'
import { badRequest, noSuchResource, notFound } from '../refusal.ts'
import { StatusError } from '../status.ts'
import type { Answer } from './answer.ts'
import type { ApiRequest } from './request.ts'
import { parseRoute } from './route.ts'

export function podLog(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const pod = getObject(cluster, call.resource, call) as unknown as Pod
  const options = readLogOptions(request.query, systemClock.now())
  const abort = new AbortController()
  const source = { client: cluster.client, clock: systemClock, signal: abort.signal }
  return { kind: 'stream', chunks: podLogs(pod, options, source), stop: () => abort.abort() }
}

/** exec and attach asked for without an upgrade of the connection. */
export function upgradeNeeded(): never {
  throw badRequest('Upgrade request required')
}

function enter(cluster: Cluster, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const user = authenticate(cluster, request)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://sandbox')
  const { method = 'GET', headers } = request
  authorize(cluster, { method, path: pathname, query: searchParams, headers, body: '', user, warnings: [] })
  const route = parseRoute(pathname)
  const verb = route?.subresource
  if (route?.resource !== 'pods' || (verb !== 'exec' && verb !== 'attach')) throw noSuchResource()
  const pod = cluster.store.bucket('pods').get(route.namespace, route.name)
  if (!pod) throw notFound({ group: '', name: 'pods' }, route.name)
  const target = { verb, pod: pod as unknown as Pod, query: searchParams, client: cluster.client, clock: systemClock }
  handleExec({ request, socket, head }, target as Parameters<typeof handleExec>[1])
}

const statusTexts: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
}

/** Takes over an upgraded connection, or refuses it in plain HTTP. */
export function handleUpgrade(cluster: Cluster, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy())
  try {
    enter(cluster, request, socket, head)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    const text = JSON.stringify(error.status)
    const { code } = error.status
    const length = Buffer.byteLength(text)
    socket.end(
      `HTTP/1.1 ${code} ${statusTexts[code] ?? 'Error'}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${text}`,
    )
  }
}

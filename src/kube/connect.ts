/** Makes a client of one cluster from its credentials. */
import { fieldManager, groupOf, type KubeObject, versionOf } from '../model/index.ts'
import { systemClock } from './clock.ts'
import type { ClusterCredentials } from './credentials.ts'
import { type Discovery, discover, indexResources } from './discovery.ts'
import type {
  ApiResource,
  ApiResources,
  DeleteOptions,
  DeleteOutcome,
  KubeClient,
  PatchOptions,
  Target,
  WatchOptions,
  WriteOptions,
} from './kube-client.ts'
import { isNotFound, KubeError } from './kube-error.ts'
import { listPages } from './list.ts'
import { resourcePath } from './resource-path.ts'
import { isTerminating } from './terminating.ts'
import { type Call, openTransport, type Transport, type TransportOptions } from './transport.ts'
import { openWatch } from './watch.ts'

const patchTypes = {
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
}

export function connect(credentials: ClusterCredentials, options: Partial<TransportOptions> = {}): KubeClient {
  const { clock = systemClock, random = Math.random } = options
  const transport = openTransport(credentials, { clock, random })
  let discovered: Promise<ApiResources> | undefined
  let last: Discovery | undefined

  async function askResources(): Promise<ApiResources> {
    last = await discover(transport, last)
    return indexResources(last)
  }

  function apiResources({ refresh = false } = {}): Promise<ApiResources> {
    if (discovered && !refresh) return discovered
    const before = discovered
    const asked = askResources()
    discovered = asked
    // What was known stays known when the server cannot be asked.
    asked.catch(() => {
      if (discovered === asked) discovered = before
    })
    return asked
  }

  async function resourceOf({
    group,
    version,
    kind,
  }: Pick<Target, 'group' | 'version' | 'kind'>): Promise<ApiResource> {
    const found = (await apiResources()).find(group, kind, version || undefined)
    if (found) return found
    const again = (await apiResources({ refresh: true })).find(group, kind, version || undefined)
    if (again) return again
    const name = [kind, version, group].filter(Boolean).join('.')
    throw new KubeError(
      `the cluster does not know ${name}: install its CustomResourceDefinition or correct apiVersion`,
      {
        code: 404,
        reason: 'NoKindMatch',
      },
    )
  }

  async function pathOf(target: Target, subresource?: string): Promise<string> {
    const { namespace, name } = target
    const resource = await resourceOf(target)
    if (resource.namespaced && !namespace)
      throw new KubeError(`${target.kind} ${name} needs a namespace`, { code: 400, reason: 'BadRequest' })
    return resourcePath(resource, { namespace, name, subresource })
  }

  const shared = {
    server: credentials.server,
    requests: transport.requests,
    identity: coalesced(() => clusterUid(transport)),
    apiResources,
    close: () => transport.close(),
  }
  return clientOn(transport, { shared, pathOf })
}

interface Surroundings {
  shared: Pick<KubeClient, 'server' | 'requests' | 'identity' | 'apiResources' | 'close'>
  pathOf(target: Target, subresource?: string): Promise<string>
}

function clientOn(transport: Transport, surroundings: Surroundings, base = transport): KubeClient {
  const { shared, pathOf } = surroundings

  async function write(call: Omit<Call, 'query'>, query: URLSearchParams): Promise<KubeObject> {
    const verb = query.has('dryRun') ? 'dry-run' : call.verb
    return (await transport.json({ ...call, verb, query })) as KubeObject
  }

  return {
    ...shared,
    as: (user) => clientOn(impersonating(base, user), surroundings, base),
    async get(target, signal) {
      const path = await pathOf(target)
      return undefinedIfMissing(transport.json({ verb: 'get', method: 'GET', path, signal }) as Promise<KubeObject>)
    },
    async *list(resource, options) {
      for await (const page of listPages(transport, resource, options)) yield* page.items
    },
    pages: (resource, options) => listPages(transport, resource, options),
    watch: (resource: ApiResource, options: WatchOptions) => openWatch(transport, resource, options),
    async apply(object, { force = true, ...options } = {}) {
      const query = writeQuery(options)
      query.set('force', String(force))
      const path = await pathOf(targetOf(object))
      const contentType = patchTypes.apply
      return write({ verb: 'apply', method: 'PATCH', path, body: object, contentType, signal: options.signal }, query)
    },
    async create(object, options = {}) {
      const path = await pathOf({ ...targetOf(object), name: '' })
      return write({ verb: 'create', method: 'POST', path, body: object, signal: options.signal }, writeQuery(options))
    },
    async replace(object, options = {}) {
      const path = await pathOf(targetOf(object))
      return write({ verb: 'replace', method: 'PUT', path, body: object, signal: options.signal }, writeQuery(options))
    },
    async patch(target, patch, options: PatchOptions) {
      const path = await pathOf(target, options.subresource)
      const contentType = patchTypes[options.type]
      return write(
        { verb: 'patch', method: 'PATCH', path, body: patch, contentType, signal: options.signal },
        writeQuery(options),
      )
    },
    async delete(target, options = {}) {
      const path = await pathOf(target)
      const call: Call = {
        verb: options.dryRun ? 'dry-run' : 'delete',
        method: 'DELETE',
        path,
        body: deleteBody(options),
        signal: options.signal,
      }
      return deleteOutcome(await undefinedIfMissing(transport.json(call) as Promise<KubeObject>))
    },
  }
}

/** The same connections, with every request in the name of another user. */
function impersonating(transport: Transport, user: string): Transport {
  return {
    ...transport,
    json: (call) => transport.json({ ...call, user }),
    stream: (call) => transport.stream({ ...call, user }),
  }
}

/** A cluster has no name of its own; by custom the uid of this namespace stands for it. */
async function clusterUid(transport: Transport): Promise<string | undefined> {
  const call: Call = { verb: 'get', method: 'GET', path: '/api/v1/namespaces/kube-system', attempts: 1 }
  try {
    return ((await transport.json(call)) as KubeObject).metadata.uid
  } catch (error) {
    if (error instanceof KubeError && [403, 404].includes(error.code)) return undefined
    throw error
  }
}

/** Callers at the same time share one answer. */
function coalesced<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | undefined
  return () => {
    running ??= ask().finally(() => {
      running = undefined
    })
    return running
  }
}

export function targetOf(object: KubeObject): Target {
  const { name = '', namespace = '' } = object.metadata
  return {
    group: groupOf(object.apiVersion),
    version: versionOf(object.apiVersion),
    kind: object.kind,
    namespace,
    name,
  }
}

function writeQuery({ dryRun, fieldManager: manager = fieldManager, fieldValidation }: WriteOptions): URLSearchParams {
  const query = new URLSearchParams({ fieldManager: manager })
  if (dryRun) query.set('dryRun', 'All')
  if (fieldValidation) query.set('fieldValidation', fieldValidation)
  return query
}

function deleteBody({ propagationPolicy, gracePeriodSeconds, preconditions, dryRun }: DeleteOptions) {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy,
    gracePeriodSeconds,
    preconditions,
    ...(dryRun && { dryRun: ['All'] }),
  }
}

async function undefinedIfMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** The server answers with a Status when the object is gone, and mostly with the object when it is still there. */
function deleteOutcome(answer: KubeObject | undefined): DeleteOutcome {
  if (answer === undefined) return { state: 'absent' }
  return answer.kind !== 'Status' && isTerminating(answer)
    ? { state: 'terminating', object: answer }
    : { state: 'gone' }
}

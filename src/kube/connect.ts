/** Makes a client of one cluster from its credentials. */
import { fieldManager, groupOf, type KubeObject, versionOf } from '../model/index.ts'
import { type Clock, systemClock } from './clock.ts'
import type { ClusterCredentials } from './credentials.ts'
import { type Discovery, discover, indexResources } from './discovery.ts'
import { openExec } from './exec.ts'
import type { Guard } from './guard.ts'
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
import { podLogs } from './pod-logs.ts'
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
  return connectOver(openTransport(credentials, { ...options, clock, random }), { server: credentials.server, clock })
}

/** A client of what a transport leads to. */
export function connectOver(transport: Transport, { server, clock }: { server: string; clock: Clock }): KubeClient {
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
    throw unknownKind({ group, version, kind })
  }

  async function pathOf(target: Target, subresource?: string): Promise<string> {
    const { namespace, name } = target
    const resource = await resourceOf(target)
    if (resource.namespaced && !namespace)
      throw new KubeError(`${target.kind} ${name} needs a namespace`, { code: 400, reason: 'BadRequest' })
    return resourcePath(resource, { namespace, name, subresource })
  }

  /** What was known of a kind may have gone since: then the server has no such address, and is asked what it has. */
  async function addressed<Answer>(target: Target, call: (path: string) => Promise<Answer>, subresource?: string) {
    try {
      return await call(await pathOf(target, subresource))
    } catch (error) {
      if (!isUnknownAddress(error)) throw error
    }
    await apiResources({ refresh: true })
    const path = await pathOf(target, subresource)
    return call(path).catch((error) => {
      throw isUnknownAddress(error) ? unknownKind(target) : error
    })
  }

  const shared = {
    server,
    requests: transport.requests,
    identity: coalesced(() => clusterUid(transport)),
    apiResources,
    close: () => transport.close(),
  }
  return clientOn(transport, { shared, addressed, clock })
}

/** The server knows the version of a group, but not a kind in it; answers about objects are Status objects. */
function isUnknownAddress(error: unknown): boolean {
  return error instanceof KubeError && error.code === 404 && error.reason === 'Status404'
}

function unknownKind({ kind, version, group }: Pick<Target, 'group' | 'version' | 'kind'>): KubeError {
  const name = [kind, version, group].filter(Boolean).join('.')
  const message = `the cluster does not know ${name}: install its CustomResourceDefinition or correct apiVersion`
  return new KubeError(message, { code: 404, reason: 'NoKindMatch' })
}

interface Surroundings {
  clock: Clock
  shared: Pick<KubeClient, 'server' | 'requests' | 'identity' | 'apiResources' | 'close'>
  /** Makes the call at the address of the target. */
  addressed<Answer>(target: Target, call: (path: string) => Promise<Answer>, subresource?: string): Promise<Answer>
}

function clientOn(transport: Transport, surroundings: Surroundings, base = transport): KubeClient {
  const { shared, addressed, clock } = surroundings

  async function write(call: Omit<Call, 'query'>, query: URLSearchParams): Promise<KubeObject> {
    const verb = query.has('dryRun') ? 'dry-run' : call.verb
    return (await transport.json({ ...call, verb, query })) as KubeObject
  }

  return {
    ...shared,
    as: (user) => clientOn(impersonating(base, user), surroundings, base),
    guarded: (guard) => clientOn(guarding(transport, guard), surroundings, guarding(base, guard)),
    get: (target, signal) =>
      undefinedIfMissing(
        addressed(
          target,
          (path) => transport.json({ verb: 'get', method: 'GET', path, signal }) as Promise<KubeObject>,
        ),
      ),
    async *list(resource, options) {
      for await (const page of listPages(transport, resource, options)) yield* page.items
    },
    pages: (resource, options) => listPages(transport, resource, options),
    watch: (resource: ApiResource, options: WatchOptions) => openWatch(transport, resource, options),
    exec: (options) => openExec(transport, options, clock),
    logs: (pod, options = {}) => podLogs(transport, pod, options),
    apply(object, { force = true, ...options } = {}) {
      const query = writeQuery(options)
      query.set('force', String(force))
      const call = { verb: 'apply', method: 'PATCH', body: object, contentType: patchTypes.apply } as const
      return addressed(targetOf(object), (path) => write({ ...call, path, signal: options.signal }, query))
    },
    create(object, options = {}) {
      const call = { verb: 'create', method: 'POST', body: object, signal: options.signal } as const
      const target = { ...targetOf(object), name: '' }
      return addressed(target, (path) => write({ ...call, path }, writeQuery(options)))
    },
    replace(object, options = {}) {
      const call = { verb: 'replace', method: 'PUT', body: object, signal: options.signal } as const
      return addressed(targetOf(object), (path) => write({ ...call, path }, writeQuery(options)))
    },
    patch(target, patch, options: PatchOptions) {
      const { type, subresource, signal } = options
      const call = { verb: 'patch', method: 'PATCH', body: patch, contentType: patchTypes[type], signal } as const
      return addressed(target, (path) => write({ ...call, path }, writeQuery(options)), subresource)
    },
    async delete(target, options = {}) {
      const { dryRun, signal } = options
      const call = { verb: dryRun ? 'dry-run' : 'delete', method: 'DELETE', body: deleteBody(options), signal } as const
      return deleteOutcome(
        await undefinedIfMissing(addressed(target, (path) => transport.json({ ...call, path }) as Promise<KubeObject>)),
      )
    },
  }
}

/** The same connections, with every request in the name of another user. */
function impersonating(transport: Transport, user: string): Transport {
  return {
    ...transport,
    json: (call) => transport.json({ ...call, user }),
    stream: (call) => transport.stream({ ...call, user }),
    upgrade: (call) => transport.upgrade({ ...call, user }),
  }
}

/** The same connections, with a guard that is asked about every write. */
function guarding(transport: Transport, guard: Guard): Transport {
  const isWrite = ({ method, verb }: Call) => method !== 'GET' && verb !== 'dry-run'
  return { ...transport, json: (call) => transport.json(isWrite(call) ? { ...call, guard } : call) }
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

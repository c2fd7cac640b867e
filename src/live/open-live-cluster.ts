/** Opens the live state of one cluster: a watch per kind, kept in line with what kinds there are. */
import { deepEqual } from 'fast-equals'
import { type Clock, systemClock } from '../kube/clock.ts'
import type { ApiResource, ApiResources, KubeClient } from '../kube/kube-client.ts'
import type { StoreChange } from '../kube/object-store.ts'
import { keyOf, messageOf, type ResourceKey, StageError, trackingApplication } from '../model/index.ts'
import { turns } from '../process/turns.ts'
import { type Filters, isExcluded, shippedExclusions } from './exclusions.ts'
import { openKindCatalog } from './kind-catalog.ts'
import { isSettled, isTrustworthy, kindState, outage } from './kind-state.ts'
import { type KindWatch, watchKind } from './kind-watch.ts'
import { type Log, listeners } from './listeners.ts'
import type { GroupKind, LiveChange, LiveCluster, LiveSettings, LiveState, Reconfigurable } from './live-cluster.ts'
import type { PackedObject } from './live-object.ts'
import { NodeLoads } from './node-loads.ts'
import { openObjectIndex } from './object-index.ts'
import { packing } from './packing.ts'
import { isHealthKind } from './trim.ts'

export interface LiveClusterOptions {
  client: KubeClient
  settings?: Partial<LiveSettings>
  log: Log
  clock?: Clock
  random?: () => number
}

const listsAtOnce = 6

const defaults = { exclusions: shippedExclusions, inclusions: [], ignoresUpdate: () => false }

const kindText = ({ group, kind }: GroupKind) => `${group}/${kind}`
const describeKind = ({ group, kind }: GroupKind) => (group ? `${kind}.${group}` : kind)

export function openLiveCluster(options: LiveClusterOptions): LiveCluster {
  const { client, log, clock = systemClock, random = Math.random } = options
  const settings: LiveSettings = {
    ...defaults,
    namespaces: [],
    clusterResources: false,
    instanceOf: trackingApplication,
    ...options.settings,
  }
  const watches = new Map<string, KindWatch>()
  const wantedInFull = new Set<string>()
  /** Kinds that fail, with the last message. */
  const refused = new Map<string, string>()
  const index = openObjectIndex(get)
  const loads = new NodeLoads()
  const changes = listeners<LiveChange>(log)
  const kindChanges = listeners<{ added: ApiResource[]; removed: ApiResource[] }>(log)
  const problems = listeners<string | undefined>(log)
  /** Whether there was a problem when it was told of the last time. */
  let troubled = true
  const turn = turns(listsAtOnce)
  const pack = packing({ instanceOf: settings.instanceOf, onTracked: (key) => followInFull([key]) })
  /** Why the kinds could not be asked for. */
  let failure: string | undefined
  /** Until the next change of a kind: every look asks for it. */
  let counted: { outage: string | undefined } | undefined
  let announced = false
  let closed = false
  const whenReady = promised()
  /** Settled by the first discovery, whether it succeeds or not. */
  const whenAsked = promised()
  const catalog = openKindCatalog({ client, clock, random, log, onResources, onFailure })

  let filters: Filters = { exclusions: settings.exclusions, inclusions: settings.inclusions }
  /** The rules are patterns and seldom change; the question comes with every object of every look. */
  const exclusions = new Map<string, boolean>()

  function excluded(kind: GroupKind): boolean {
    const text = kindText(kind)
    const known = exclusions.get(text)
    if (known !== undefined) return known
    const answer = isExcluded(kind, { ...filters, server: client.server })
    exclusions.set(text, answer)
    return answer
  }

  function reconfigure(wanted: Reconfigurable): void {
    Object.assign(settings, defaults, wanted)
    const { exclusions: excluding, inclusions } = settings
    if (deepEqual(filters, { exclusions: excluding, inclusions })) return
    filters = { exclusions: excluding, inclusions }
    exclusions.clear()
    const resources = catalog.current()
    if (resources) onResources(resources)
  }

  function watched(resource: ApiResource): boolean {
    const reachable = resource.namespaced || settings.namespaces.length === 0 || settings.clusterResources
    const followable = resource.verbs.includes('list') && resource.verbs.includes('watch')
    return reachable && followable && !excluded(resource)
  }

  function onFailure(error: unknown): void {
    failure = messageOf(error)
    whenAsked.resolve()
    tellProblem()
  }

  function tellProblem(): void {
    const current = presentProblem()
    if (closed || troubled === (current !== undefined)) return
    troubled = current !== undefined
    problems.tell(current)
  }

  function onResources(resources: ApiResources): void {
    if (closed) return
    failure = undefined
    counted = undefined
    const wanted = new Map(resources.all.filter(watched).map((resource) => [kindText(resource), resource]))
    const added = [...wanted.values()].filter((resource) => !watches.has(kindText(resource)))
    const removed = [...watches].filter(
      ([text, { resource }]) => !wanted.has(text) && !resources.stale.includes(resource.group),
    )
    for (const [text, watch] of removed) {
      watches.delete(text)
      void watch.stop({ clear: true })
    }
    for (const [text, resource] of wanted) {
      const watch = watches.get(text)
      if (watch) watch.change({ resource: sameEndpoint(watch.resource, resource) ? watch.resource : resource })
      else start(resource)
    }
    whenAsked.resolve()
    checkReady()
    if (added.length + removed.length > 0)
      kindChanges.tell({ added, removed: removed.map(([, { resource }]) => resource) })
  }

  function start(resource: ApiResource): void {
    const text = kindText(resource)
    const full = wantedInFull.has(text) || (wantedInFull.size > 0 && isHealthKind(resource.group, resource.kind))
    const namespaces = resource.namespaced ? settings.namespaces : []
    const watch = watchKind(
      { resource, full },
      { client, clock, turn, namespaces, onState: () => onKindState(text), onChange, keep: pack },
    )
    watches.set(text, watch)
  }

  function followInFull(kinds: Iterable<GroupKind>): void {
    const first = wantedInFull.size === 0
    for (const kind of kinds) {
      const text = kindText(kind)
      if (wantedInFull.has(text)) continue
      wantedInFull.add(text)
      watches.get(text)?.change({ full: true })
    }
    // As soon as anything is managed, the health of what belongs to it is of interest.
    if (!first || wantedInFull.size === 0) return
    for (const watch of watches.values())
      if (isHealthKind(watch.resource.group, watch.resource.kind)) watch.change({ full: true })
  }

  function onKindState(text: string): void {
    counted = undefined
    const watch = watches.get(text)
    const state = watch?.state()
    if (state?.status === 'failing') {
      // When no answer comes at all, every kind fails; state() says so once.
      if (state.code !== 0 && refused.get(text) !== state.message)
        log.warn({ kind: text, error: state.message }, 'a kind cannot be followed')
      if (state.code === 404) catalog.touch()
      refused.set(text, state.message)
    } else refused.delete(text)
    checkReady()
  }

  function checkReady(): void {
    if (!announced && catalog.current() && unsettled().length === 0) {
      announced = true
      whenReady.resolve()
    }
    tellProblem()
  }

  function unsettled(): KindWatch[] {
    return [...watches.values()].filter((watch) => !isSettled(watch.state(), clock.now()))
  }

  function onChange({ previous, current }: StoreChange<PackedObject>): void {
    const object = current ?? previous
    if (!object) return
    const instances = new Set<string>()
    if (announced && previous) for (const instance of index.instancesAbove(previous)) instances.add(instance)
    index.apply({ previous, current })
    loads.apply({ previous, current })
    noteDefinition({ previous, current })
    if (!announced) return
    if (current) for (const instance of index.instancesAbove(current)) instances.add(instance)
    const sameVersion = previous?.uid === current?.uid && previous?.resourceVersion === current?.resourceVersion
    // Only what is kept of it changed, not the object.
    if (sameVersion) return
    if (previous && current && !current.sameContent(previous) && settings.ignoresUpdate(previous, current)) return
    changes.tell({
      key: object.key,
      type: previous ? (current ? 'modified' : 'deleted') : 'added',
      instances: [...instances],
      tracked: current?.instance !== undefined || previous?.instance !== undefined,
      statusOnly: previous !== undefined && current?.sameContent(previous) === true,
    })
  }

  function noteDefinition({ previous, current }: StoreChange<PackedObject>): void {
    const { group, kind, name } = (current ?? previous)?.key ?? { group: '', kind: '', name: '' }
    if (kind === 'APIService' && group === 'apiregistration.k8s.io' && announced) catalog.touch()
    if (kind !== 'CustomResourceDefinition' || group !== 'apiextensions.k8s.io') return
    const before = previous?.object.metadata.generation
    const established = catalog.current()?.all.some((resource) => `${resource.resource}.${resource.group}` === name)
    if (current && established && (!previous || before === current.object.metadata.generation)) return
    catalog.expect(name, current !== undefined)
  }

  function get({ group, kind, namespace, name }: ResourceKey): PackedObject | undefined {
    return watches.get(`${group}/${kind}`)?.get(namespace, name)
  }

  function resources(): ApiResources {
    const current = catalog.current()
    if (current) return current
    const why = failure ? `: ${failure}` : ''
    throw new StageError('live', `the kinds of ${client.server} are not known yet${why}`, { retry: true })
  }

  async function requireKind(kind: GroupKind): Promise<void> {
    const watch = watches.get(kindText(kind))
    if (!watch) return
    const state = await watch.settled()
    if (state.status !== 'failing' || isTrustworthy(state, clock.now())) return
    const hint = state.code === 403 ? '; grant get, list and watch on it to the account that Tiphys uses' : ''
    throw new StageError('live', `cannot follow ${describeKind(kind)}: ${state.message}${hint}`, { retry: true })
  }

  function problem(): string | undefined {
    if (failure !== undefined) return failure
    counted ??= { outage: outage(watches.values()) }
    return counted.outage
  }

  function presentProblem(): string | undefined {
    return problem() ?? (announced ? undefined : stillListed())
  }

  function stillListed(): string {
    const [first, ...others] = unsettled()
    if (!first) return 'it is still being listed'
    const state = first.state()
    const why = state.status === 'failing' ? ` (${state.message})` : ''
    const more = others.length > 0 ? ` and those of ${others.length} other kinds` : ''
    return `it is still being listed: the objects of ${describeKind(first.resource)}${more} have not come in full yet${why}`
  }

  function state(): LiveState {
    const kinds = [...watches.values()].map(kindState)
    const message = problem()
    const progress = announced ? 'synced' : catalog.current() ? 'syncing' : 'connecting'
    return {
      status: message === undefined ? progress : 'failing',
      message,
      version: catalog.current()?.version,
      kinds,
      objects: index.size,
      managed: index.managed,
    }
  }

  return {
    server: client.server,
    ready: () => whenReady.promise,
    async require(kinds) {
      const all = [...kinds]
      followInFull(all)
      await whenAsked.promise
      resources()
      for (const kind of all) await requireKind(kind)
    },
    get,
    read: (key, { version, signal } = {}) => client.get({ ...key, version: version ?? '' }, signal),
    takenOn: (node) => loads.on(node),
    managedBy: index.managedBy,
    topLevelIn: index.topLevelIn,
    children: index.children,
    instancesOf(key) {
      const object = get(key)
      return object ? [...index.instancesAbove(object)] : []
    },
    namespaceExists(name) {
      const key = { group: '', kind: 'Namespace', namespace: '', name }
      return watches.get('/Namespace')?.state().status !== 'synced' || get(key) !== undefined
    },
    scope(group, kind) {
      const found = resources().find(group, kind)
      return found && (found.namespaced ? 'Namespaced' : 'Cluster')
    },
    isExcluded: excluded,
    filters: () => filters,
    reconfigure,
    resources,
    retrack() {
      // Listed anew while what is known stays in place.
      for (const watch of watches.values()) watch.change({ resource: { ...watch.resource } })
    },
    refreshResources: () => catalog.refresh(),
    onChange: changes.add,
    onKinds: kindChanges.add,
    onProblem: problems.add,
    state,
    problem: presentProblem,
    remember(object) {
      const { group, kind } = keyOf(object)
      const watch = watches.get(`${group}/${kind}`)
      // In another version it looks different from what the watch will tell.
      if (watch && apiVersionText(watch.resource) === object.apiVersion) watch.put(object)
    },
    forget: (key, uid) => watches.get(kindText(key))?.forget(key, uid),
    async close() {
      closed = true
      catalog.stop()
      await Promise.all([...watches.values()].map((watch) => watch.stop({ clear: false })))
    },
  }
}

function promised() {
  let resolve = () => {}
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}

function apiVersionText({ group, version }: ApiResource): string {
  return group ? `${group}/${version}` : version
}

function sameEndpoint(one: ApiResource, other: ApiResource): boolean {
  return one.version === other.version && one.resource === other.resource && one.namespaced === other.namespaced
}

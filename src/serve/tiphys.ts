/** The whole engine in one process: the stages opened, wired together, started, and stopped again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureAdmin } from '../access/index.ts'
import { openRegisteredConnections } from '../api/repositories/registered-connections.ts'
import { inClusterServer, keepVersionLabels, type OpenClusters, openClusters } from '../clusters/index.ts'
import { openJq } from '../diff/index.ts'
import { HealthAssessor } from '../health/index.ts'
import { connect } from '../kube/connect.ts'
import type { ClusterCredentials } from '../kube/credentials.ts'
import { type ControlPlane, type KubeClient, openControlPlane, openLiveCluster } from '../live/index.ts'
import { openRenderer } from '../manifest/renderer.ts'
import { findTools } from '../manifest/tools.ts'
import { removeStaleWorkspaces } from '../manifest/workspace.ts'
import { type Application, defaultProjectSpec, instanceName, matchesAny } from '../model/index.ts'
import { close, Opened } from '../process/opened.ts'
import { packageVersion } from '../process/package-file.ts'
import { type Controller, startController } from '../reconcile/controller.ts'
import type { Clock, Log, Stages } from '../reconcile/stages.ts'
import type { RedisFlags } from '../shared-cache/index.ts'
import { openSources } from '../source/sources.ts'
import { laterTracer, type TraceFlags, tracedLog, traceSettings } from '../trace/index.ts'
import { type Listeners, passOn } from './control-plane-news.ts'
import { openMetrics } from './metrics.ts'
import { openMetricsServer } from './metrics-server.ts'
import { type Engine, openApi } from './open-api.ts'
import { openApplicationSets } from './open-application-sets.ts'
import { openImageUpdater } from './open-image-updater.ts'
import { openNotifier } from './open-notifier.ts'
import { openRedis } from './open-redis.ts'
import type { ServerPlace } from './open-server.ts'
import { openParts } from './parts.ts'
import { renderLimits } from './render-limits.ts'
import { allRoles, type Role } from './role.ts'
import { parametersMap, SettingsInUse } from './settings-in-use.ts'
import { openTracker } from './tracker.ts'

export interface TiphysOptions extends ServerPlace {
  credentials: ClusterCredentials
  /** False: what the credentials lead to only keeps objects; nothing can be deployed there. */
  isCluster?: boolean
  /** The control namespace. */
  namespace: string
  allowLocal: boolean
  /** All of them unless told otherwise. */
  roles?: readonly Role[]
  /** Other processes have some of the same roles: the work is shared through Leases. */
  shared?: boolean
  /** A cache that replicas share, in addition to what the settings say of it. */
  redis?: RedisFlags
  /** Metrics are read on a port of their own; 0 takes a free one, and without one they are not served. */
  metricsPort?: number
  /** Where copies of repositories and unpacked programs are kept; a temporary folder when absent. */
  cacheDir?: string
  /** Of the command line; where they say nothing, the environment and argocd-cmd-params-cm count. */
  traces?: TraceFlags
  /** Where programs that render are unpacked to, if none are installed; below `cacheDir` when absent. */
  programsDir?: string
  log: Log
  /** The time of day that decisions go by; the machine's unless told otherwise. */
  clock?: Clock
  env?: Record<string, string | undefined>
}

export interface Tiphys {
  /** Of the API; empty where that is not among the roles. */
  url: string
  /** Where metrics are read, if a port for them is given. */
  metricsUrl?: string
  /** Absent once somebody has deleted its Secret. */
  adminPassword: string | undefined
  controller: Controller
  /** Resolves when no notification is being decided or is on its way. */
  notified(): Promise<void>
  /** Resolves when no images are being looked at or written. */
  imagesLookedAt(): Promise<void>
  /** What keeps the process from doing its work; empty when it is ready. */
  problems(): string[]
  applications(): Application[]
  /** Of the cluster that Tiphys runs in. */
  client: KubeClient
  stop(): Promise<void>
}

/** Rejects when a cluster or a port cannot be had; nothing is left open then. */
export async function startTiphys(options: TiphysOptions): Promise<Tiphys> {
  const opened = new Opened()
  try {
    return await assemble(options, opened)
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function assemble(options: TiphysOptions, opened: Opened): Promise<Tiphys> {
  const { credentials, namespace, allowLocal, clock = Date, env = process.env } = options
  const { roles: taken = allRoles, shared = false } = options
  const cacheDir = options.cacheDir ?? opened.keep(await mkdtemp(join(tmpdir(), 'tiphys-')), removeFolder)
  const tracer = laterTracer()
  const log = tracedLog(options.log, tracer)
  const warn = (message: string) => log.warn({}, message)
  const client = opened.keep(connect(credentials, { tracer }), close)
  const listeners: Listeners = {}
  const controlPlane = opened.keep(
    await openControlPlane({
      client,
      namespace,
      log,
      matchesNamespace: matchesAny,
      ...(options.isCluster !== undefined && { isCluster: options.isCluster }),
      onChange: (change) => passOn(change, listeners),
    }),
    close,
  )
  await controlPlane.ready()
  const traces = traceSettings({ flags: options.traces, env, parameters: controlPlane.settings(parametersMap) }, warn)
  if (traces) {
    // What it takes is loaded only here.
    const { openTracing } = await import('../trace/open-tracing.ts')
    const tracing = await openTracing(traces, { version: packageVersion(), log: options.log, env })
    tracer.become(opened.keep(tracing, close).tracer)
  }
  const health = new HealthAssessor({ warn, now: () => new Date() })
  health.configure(controlPlane.settings())
  listeners.health = health
  const inUse = new SettingsInUse({ controlPlane, env, warn })
  listeners.settings = inUse
  const settings = inUse.current
  const instanceOf = openTracker({ tracking: () => settings.tracking, application: controlPlane.application })
  const clusters = opened.keep(
    openClusters({
      controlPlane,
      home: { credentials, client },
      openLive: (client, scope) =>
        openLiveCluster({ client, log, settings: { ...inUse.followed(), ...scope, instanceOf } }),
      log,
      tracer,
    }),
    close,
  )
  listeners.clusters = clusters
  await clusters.ready()
  const registered = openRegisteredConnections(controlPlane, { globalProjects: () => settings.globalProjects })
  listeners.connections = registered
  const { authoritiesOf } = registered
  const sources = opened.keep(
    openSources({
      cacheDir,
      allowLocal,
      pollIntervalMs: settings.pollIntervalMs,
      ignoresSubmodules: () => controlPlane.settings(parametersMap)['reposerver.enable.git.submodule'] === 'false',
      clock: Date,
      connectionOf: registered.find,
      referredConnectionOf: registered.findReferred,
      admitsHost: registered.hasHost,
      authoritiesOf,
      tracer,
    }),
    close,
  )
  await removeStaleWorkspaces()
  const sharedCache = await openRedis({ flags: options.redis ?? {}, controlPlane, env, log })
  if (sharedCache) opened.keep(sharedCache, close)
  const renderer = openRenderer({
    tools: findTools({ cacheDir: options.programsDir ?? join(cacheDir, 'programs') }),
    remote: sources,
    limits: renderLimits({ env, parameters: controlPlane.settings(parametersMap), log }),
    valuesFileSchemes: () => settings.valuesFileSchemes,
    ...(sharedCache && { shared: sharedCache }),
  })
  sharedCache?.keepFresh(renderer.renewShared)
  await ensureDefaultProject(controlPlane, namespace)
  const adminPassword = await ensureAdmin(secretsOf(client, namespace), { namespace, now: new Date() })
  const metrics = openMetrics({
    applications: controlPlane.applications,
    application: controlPlane.application,
    isOurs: (instance) => share?.isOurs(instance) ?? true,
    controlNamespace: namespace,
    liveObjects: (application) => liveObjectsOf(application, { clusters, namespace }),
    clusters,
    orphaned: (application) =>
      listeners.controller?.lastObservation(instanceName(application, namespace))?.orphaned?.length,
    queueDepth: () => listeners.controller?.queueDepth() ?? 0,
    renders: () => renderer.counters,
    listings: () => sources.counters,
    imagesWatched: () => listeners.images?.updater.watched() ?? 0,
    ...(sharedCache && { sharedCache: { cache: sharedCache, roles: taken } }),
  })
  const jq = opened.keep(openJq({ timeoutMs: () => settings.diff.jqTimeoutMs }), close)
  // Given up after everything that works under it has come to rest.
  const parts = opened.keep(
    await openParts({ roles: taken, shared, pod: env.TIPHYS_POD, client, namespace, log }),
    close,
  )
  const share = parts.share('controller')
  const isOurs = (name: string) => share?.isOurs(name) ?? true
  opened.keep(keepVersionLabels({ clusters, controlPlane, client, isOurs, log }), close)
  const stages: Stages = {
    controlPlane,
    clusters,
    sources,
    renderer,
    health,
    jq,
    settings,
    instanceOf,
    clock,
    log,
    observer: metrics,
    tracer,
    ...(share && { share }),
  }
  const controller = opened.keep(startController(stages), (started) => started.stop())
  listeners.controller = controller
  const both = { controlPlane, sources, allowLocal, authoritiesOf, tracer, log }
  const notifier = opened.keep(
    openNotifier({ ...both, controller, env, metrics, share: parts.share('notifications') }),
    close,
  )
  listeners.notifier = notifier
  const applicationSets = opened.keep(
    openApplicationSets({
      ...both,
      client,
      clusters,
      jq,
      settings,
      clock,
      share: parts.share('applicationset'),
    }),
    close,
  )
  listeners.sets = applicationSets
  const imageShare = parts.share('image-updater')
  const images = opened.keep(
    openImageUpdater({ stages, controller, registered, client, allowLocal, env, metrics, share: imageShare }),
    close,
  )
  listeners.images = images
  const problems = () => [...controlPlane.problems(), ...homeProblems(clusters)]
  const engine: Engine = {
    controlPlane,
    controller,
    stages,
    registered,
    client,
    notifier,
    applicationSets,
    images: { imagePushed: images.imagePushed, imagesOf: images.imagesOf },
    log,
  }
  const server = parts.has('api') ? await openApi({ ...options, engine, env, problems, opened, listeners }) : undefined
  const { metricsPort: port, host } = options
  const scraped =
    port === undefined ? undefined : await openMetricsServer({ host, port }, { metrics: metrics.text, problems })
  if (scraped) opened.keep(scraped, close)

  return {
    url: server?.url ?? '',
    ...(scraped && { metricsUrl: scraped.url }),
    adminPassword,
    controller,
    notified: notifier.idle,
    imagesLookedAt: () => images.updater.idle(),
    problems,
    applications: controlPlane.applications,
    client: clusters.find({ server: inClusterServer })?.client ?? client,
    stop: () => opened.close(),
  }
}

/** One that another process makes meanwhile is found by the next try to start. */
async function ensureDefaultProject(controlPlane: ControlPlane, namespace: string): Promise<void> {
  if (controlPlane.project('default')) return
  await controlPlane.createProject({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace },
    spec: defaultProjectSpec,
  })
}

function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true })
}

/** None of a cluster that nobody follows. */
function liveObjectsOf(
  application: Application,
  { clusters, namespace }: { clusters: OpenClusters; namespace: string },
): number {
  const { server = '' } = clusters.find(application.spec.destination ?? {}) ?? {}
  const live = clusters.connection(server)?.live
  return live?.managedBy(instanceName(application, namespace)).length ?? 0
}

/** Others may be away without anything being wrong with Tiphys. */
function homeProblems(clusters: OpenClusters): string[] {
  const home = clusters.connection(inClusterServer)
  return home && home.status !== 'Successful' ? [`cluster ${home.name}: ${home.message || home.status}`] : []
}

function secretsOf(client: KubeClient, namespace: string) {
  const target = (name: string) => ({ group: '', version: 'v1', kind: 'Secret', namespace, name })
  return {
    get: (name: string) => client.get(target(name)),
    create: client.create,
    patch: (name: string, patch: object) => client.patch(target(name), patch, { type: 'merge' }),
  }
}

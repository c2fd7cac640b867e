/** The whole engine in one process: the stages opened, wired together, started, and stopped again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deepEqual } from 'fast-equals'
import { type Access, AccountService, ensureAdmin, ProjectTokenService } from '../access/index.ts'
import { openOidc, ssoWarnings } from '../access/oidc/index.ts'
import { openRegisteredConnections, type RegisteredConnections } from '../api/repositories/registered-connections.ts'
import { inClusterServer, type OpenClusters, openClusters } from '../clusters/index.ts'
import { type DiffSettings, ignoredUpdates, openJq } from '../diff/index.ts'
import { HealthAssessor } from '../health/index.ts'
import { connect } from '../kube/connect.ts'
import type { ClusterCredentials } from '../kube/credentials.ts'
import {
  type ControlPlaneChange,
  type KubeClient,
  type LiveSettings,
  openControlPlane,
  openLiveCluster,
} from '../live/index.ts'
import { openRenderer } from '../manifest/renderer.ts'
import { findTools } from '../manifest/tools.ts'
import { type Application, defaultProjectSpec, instanceName, matchesAny } from '../model/index.ts'
import { Opened } from '../process/opened.ts'
import { packageVersion } from '../process/package-file.ts'
import { type Controller, startController } from '../reconcile/controller.ts'
import type { Clock, ControllerSettings, Log, Stages } from '../reconcile/stages.ts'
import type { RedisFlags } from '../shared-cache/index.ts'
import { openSources } from '../source/sources.ts'
import { laterTracer, type TraceFlags, type TraceSettings, tracedLog, traceSettings } from '../trace/index.ts'
import { openMetrics } from './metrics.ts'
import { openMetricsServer } from './metrics-server.ts'
import { accessSecret, openAccessOf } from './open-access.ts'
import { type OpenApplicationSets, openApplicationSets } from './open-application-sets.ts'
import { imageUpdaterSettings, type OpenImageUpdater, openImageUpdater } from './open-image-updater.ts'
import { notificationsSecret, type OpenNotifier, openNotifier } from './open-notifier.ts'
import { openRedis } from './open-redis.ts'
import { type OpenServer, openServer, type ServerPlace } from './open-server.ts'
import { openParts } from './parts.ts'
import { allRoles, type Role } from './role.ts'
import { controllerSettings, liveSettings } from './settings.ts'
import { openTracker } from './tracker.ts'

const parameters = 'argocd-cmd-params-cm'

export interface TiphysOptions extends ServerPlace {
  credentials: ClusterCredentials
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
  const direct = opened.keep(connect(credentials, { tracer }), close)
  const warn = (message: string) => log.warn({}, message)
  let controller: Controller | undefined
  let server: OpenServer | undefined
  let access: Access | undefined
  let connections: RegisteredConnections | undefined
  let notifier: OpenNotifier | undefined
  let sets: OpenApplicationSets | undefined
  let images: OpenImageUpdater | undefined
  let settings: ControllerSettings | undefined
  let clusters: OpenClusters | undefined
  const controlPlane = opened.keep(
    await openControlPlane({
      client: direct,
      namespace,
      log,
      matchesNamespace: matchesAny,
      onChange: (change) => onChange(change),
    }),
    close,
  )
  await controlPlane.ready()
  await traceTo(traceSettings({ flags: options.traces, env, parameters: controlPlane.settings(parameters) }, warn))
  async function traceTo(settings: TraceSettings | undefined): Promise<void> {
    if (!settings) return
    // What it takes is loaded only here.
    const { openTracing } = await import('../trace/open-tracing.ts')
    const tracing = opened.keep(
      await openTracing(settings, { version: packageVersion(), log: options.log, env }),
      close,
    )
    tracer.become(tracing.tracer)
  }
  const health = new HealthAssessor({ warn, now: () => new Date() })
  health.configure(controlPlane.settings())
  settings = readSettings()
  let { tracking } = settings
  const instanceOf = openTracker({ tracking: () => tracking, application: controlPlane.application })
  const running = opened.keep(
    openClusters({
      controlPlane,
      home: { credentials, client: direct },
      openLive: (client, scope) =>
        openLiveCluster({
          client,
          log,
          settings: { ...followed((settings ?? readSettings()).diff), ...scope, instanceOf },
        }),
      log,
      tracer,
    }),
    close,
  )
  clusters = running
  await running.ready()
  const { pollIntervalMs } = settings
  const registered = openRegisteredConnections(controlPlane)
  const sources = opened.keep(
    openSources({
      cacheDir,
      allowLocal,
      pollIntervalMs,
      clock: Date,
      connectionOf: registered.find,
      authoritiesOf: registered.authoritiesOf,
      tracer,
    }),
    close,
  )
  connections = registered
  const sharedCache = await openRedis({ flags: options.redis ?? {}, controlPlane, env, log })
  if (sharedCache) opened.keep(sharedCache, close)
  const renderer = openRenderer({
    tools: findTools({ cacheDir: options.programsDir ?? join(cacheDir, 'programs') }),
    remote: sources,
    ...(sharedCache && { shared: sharedCache }),
  })
  sharedCache?.keepFresh(renderer.renewShared)
  function followed({ ignoreUpdates }: DiffSettings): Partial<LiveSettings> {
    return { ...liveSettings(controlPlane.setting, warn), ignoresUpdate: ignoredUpdates(ignoreUpdates) }
  }

  function readSettings() {
    const texts = { settings: controlPlane.settings(), parameters: controlPlane.settings(parameters), env }
    return controllerSettings(texts, warn)
  }

  function onChange(change: ControlPlaneChange): void {
    if (change.kind === 'application') controller?.look(change.name)
    else if (change.kind === 'image-updater') images?.updaterChanged(change.name)
    else if (change.kind === 'secret') {
      server?.secretChanged(change.name)
      if (change.name === accessSecret) void access?.storesChanged()
      clusters?.refresh()
      if (connections?.secretChanged(change.name)) controller?.lookAtAll()
      sets?.secretChanged(change.name)
      if (change.name === notificationsSecret) notifier?.reconfigure()
    } else if (change.kind === 'other-settings' && change.name === 'argocd-notifications-cm') {
      notifier?.reconfigure()
    } else if (change.kind === 'other-settings' && change.name === imageUpdaterSettings) {
      images?.reconfigure()
    } else if (change.kind === 'other-settings' && isTrust(change.name)) {
      connections?.trustChanged()
      controller?.lookAtAll()
    } else if (change.kind === 'project' || change.kind === 'settings') {
      // Before they are read for the first time there is nothing to renew.
      if (settings && change.kind === 'settings') {
        renewSettings(settings)
        health.configure(controlPlane.settings())
        clusters?.refresh()
        for (const live of clusters?.followed() ?? []) live.reconfigure(followed(settings.diff))
        sets?.settingsChanged()
      }
      controller?.lookAtAll()
      if (change.kind === 'project') sets?.projectChanged()
      if (change.kind === 'project') notifier?.lookAtProject(change.name)
    }
  }

  function renewSettings(settings: ControllerSettings): void {
    Object.assign(settings, readSettings())
    if (deepEqual(settings.tracking, tracking)) settings.tracking = tracking
    else {
      tracking = settings.tracking
      for (const live of clusters?.followed() ?? []) live.retrack()
    }
  }

  // One that another process has made meanwhile is found by the next try to start.
  if (!controlPlane.project('default')) await createDefaultProject()
  async function createDefaultProject(): Promise<void> {
    const metadata = { name: 'default', namespace }
    await controlPlane.createProject({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata,
      spec: defaultProjectSpec,
    })
  }

  const adminPassword = await ensureAdmin(secretsOf(direct, namespace), namespace, new Date())
  const metrics = openMetrics({
    applications: controlPlane.applications,
    controlNamespace: namespace,
    liveObjects: (application) => liveObjectsOf(application, { clusters: running, namespace }),
    clusters: running,
    orphaned: (application) => controller?.lastObservation(instanceName(application, namespace))?.orphaned?.length,
    queueDepth: () => controller?.queueDepth() ?? 0,
    renders: () => renderer.counters,
    listings: () => sources.counters,
    imagesWatched: () => images?.updater.watched() ?? 0,
    ...(sharedCache && { sharedCache: { cache: sharedCache, roles: taken } }),
  })
  const jq = opened.keep(openJq({ timeoutMs: () => settings?.diff.jqTimeoutMs ?? 1000 }), close)
  // Given up after everything that works under it has come to rest.
  const parts = opened.keep(await openParts({ roles: taken, shared, client: direct, namespace, log }), close)
  const share = parts.share('controller')
  const stages: Stages = {
    controlPlane,
    clusters: running,
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
  const conductor = opened.keep(startController(stages), (started) => started.stop())
  controller = conductor
  const notifications = opened.keep(
    openNotifier({
      controlPlane,
      controller: conductor,
      share: parts.share('notifications'),
      sources,
      allowLocal,
      tracer,
      log,
      metrics,
    }),
    close,
  )
  notifier = notifications
  const applicationSets = opened.keep(
    openApplicationSets({
      controlPlane,
      client: direct,
      clusters: running,
      sources,
      authoritiesOf: registered.authoritiesOf,
      allowLocal,
      jq,
      settings,
      share: parts.share('applicationset'),
      clock,
      tracer,
      log,
    }),
    close,
  )
  sets = applicationSets
  const imageUpdater = opened.keep(
    openImageUpdater({
      stages,
      controller: conductor,
      registered,
      client: direct,
      allowLocal,
      env,
      metrics,
      share: parts.share('image-updater'),
    }),
    close,
  )
  images = imageUpdater
  const problems = () => [...controlPlane.problems(), ...homeProblems(running)]
  if (parts.has('api')) server = await serveApi()
  async function serveApi(): Promise<OpenServer> {
    const oidc = opened.keep(
      openOidc({ settings: controlPlane.settings, readSecret: controlPlane.storedSecret, now: () => Date.now() }),
      close,
    )
    for (const warning of ssoWarnings(controlPlane.settings(), controlPlane.storedSecret)) log.warn({}, warning)
    const verifyExternal = (token: string) => oidc.verify(token)
    const admission = opened.keep(await openAccessOf({ client: direct, controlPlane, env, log, verifyExternal }), close)
    access = admission
    return opened.keep(
      await openServer({
        ...options,
        insecure: options.insecure || controlPlane.settings(parameters)['server.insecure'] === 'true',
        services: {
          controlPlane,
          controller: conductor,
          stages,
          registered,
          client: direct,
          access: admission,
          accounts: new AccountService(admission),
          oidc,
          projectTokens: new ProjectTokenService(admission),
          notifier: notifications,
          applicationSets,
          images: {
            imagePushed: (image) => imageUpdater.updater.imagePushed(image),
            imagesOf: imageUpdater.imagesOf,
          },
          log,
          version: packageVersion(),
        },
        problems,
      }),
      close,
    )
  }
  const { metricsPort: port, host } = options
  const scraped =
    port === undefined ? undefined : await openMetricsServer({ host, port }, { metrics: metrics.text, problems })
  if (scraped) opened.keep(scraped, close)

  return {
    url: server?.url ?? '',
    ...(scraped && { metricsUrl: scraped.url }),
    adminPassword,
    controller: conductor,
    notified: notifications.idle,
    imagesLookedAt: () => imageUpdater.updater.idle(),
    applications: controlPlane.applications,
    client: running.find({ server: inClusterServer })?.client ?? direct,
    stop: () => opened.close(),
  }
}

function close(thing: { close(): Promise<unknown> }): Promise<unknown> {
  return thing.close()
}

/** Whether repositories' hosts are trusted by it. */
function isTrust(name: string): boolean {
  return name === 'argocd-ssh-known-hosts-cm' || name === 'argocd-tls-certs-cm'
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

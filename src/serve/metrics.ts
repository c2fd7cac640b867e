/** What a running process tells Prometheus. Counted where it happens, or read off when somebody asks; names as in Argo CD. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Clusters } from '../clusters/index.ts'
import { type Application, instanceName, type OperationState } from '../model/index.ts'
import { makeWay } from '../process/fair-turn.ts'
import { ApplicationCosts } from './application-costs.ts'
import { seriesText } from './application-series.ts'
import { statesOf } from './application-states.ts'
import { clusterMetrics } from './cluster-metrics.ts'
import { type MeasuredCache, sharedCacheMetrics } from './shared-cache-metrics.ts'

export interface Measured {
  applications(): Application[]
  /** By the name that tracking uses. */
  application(instance: string): Application | undefined
  /** Whether this process looks after it. */
  isOurs(instance: string): boolean
  controlNamespace: string
  /** Objects that belong to an application directly. */
  liveObjects(application: Application): number
  clusters: Pick<Clusters, 'find' | 'connections' | 'onChange'>
  /** How many objects stand beside an application and belong to nobody; undefined: its project does not ask. */
  orphaned(application: Application): number | undefined
  queueDepth(): number
  renders(): { renders: number; remembered: number; shared: number }
  listings(): { listings: number; fetches: number }
  /** Applications whose images are kept up to date. */
  imagesWatched(): number
  /** Where replicas share one. */
  sharedCache?: MeasuredCache
}

export interface Metrics {
  looked(instance: string, seconds: number): void
  rendered(instance: string, seconds: number): void
  synced(application: Application, state: OperationState): void
  notified(trigger: string, service: string, succeeded: boolean): void
  evaluated(trigger: string, triggered: boolean): void
  imagesUpdated(application: Application, count: number): void
  imageFailed(application: Application): void
  text(): Promise<{ contentType: string; text: string }>
}

export function openMetrics(measured: Measured): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const reconciles = new Histogram({
    name: 'argocd_app_reconcile',
    help: 'Time that one look at an application takes, in seconds.',
    labelNames: ['namespace', 'dest_server'],
    buckets: [0.001, 0.01, 0.1, 0.25, 0.5, 1, 2, 5, 30],
    registers,
  })
  const deliveries = new Counter({
    name: 'argocd_notifications_deliveries_total',
    help: 'Attempts to deliver a notification.',
    labelNames: ['trigger', 'service', 'succeeded'],
    registers,
  })
  const evaluations = new Counter({
    name: 'argocd_notifications_trigger_eval_total',
    help: 'Conditions of triggers that were evaluated.',
    labelNames: ['name', 'triggered'],
    registers,
  })
  const destination = ({ spec }: Application) => measured.clusters.find(spec.destination ?? {})?.server ?? ''
  const instanceOf = (application: Application) => instanceName(application, measured.controlNamespace)
  const costs = new ApplicationCosts({ instanceOf, destination })
  const families = [
    ...statesOf({ ...measured, destination, isOurs: (application) => measured.isOurs(instanceOf(application)) }),
    ...costs.families(),
  ]
  const ofImages = { labelNames: ['namespace', 'name'], registers }
  const imageUpdates = new Counter({
    name: 'argocd_image_updater_images_updated_total',
    help: 'Images whose new version was written.',
    ...ofImages,
  })
  const imageFailures = new Counter({
    name: 'argocd_image_updater_images_errors_total',
    help: 'Failed attempts to find or write a new version of an image.',
    ...ofImages,
  })
  gauges(measured, registers)
  clusterMetrics(measured.clusters, registers)
  if (measured.sharedCache) sharedCacheMetrics(measured.sharedCache, registers)
  return {
    looked(instance, seconds) {
      const application = measured.application(instance)
      const { namespace = '' } = application?.metadata ?? {}
      // Of one that is gone by now nobody knows where it went.
      if (application) reconciles.observe({ namespace, dest_server: destination(application) }, seconds)
      costs.looked(instance, seconds)
    },
    rendered: (instance, seconds) => costs.rendered(instance, seconds),
    synced: (application, state) => costs.synced(instanceOf(application), state),
    notified: (trigger, service, succeeded) => deliveries.inc({ trigger, service, succeeded: String(succeeded) }),
    evaluated: (name, triggered) => evaluations.inc({ name, triggered: String(triggered) }),
    imagesUpdated: ({ metadata: { name, namespace = '' } }, count) => imageUpdates.inc({ namespace, name }, count),
    imageFailed: ({ metadata: { name, namespace = '' } }) => imageFailures.inc({ namespace, name }),
    async text() {
      const applications = measured.applications()
      costs.keepOnly(applications)
      const parts = [await seriesText(families, applications)]
      for (const { name } of registry.getMetricsAsArray()) {
        parts.push(`${await registry.getSingleMetricAsString(name)}\n`)
        await makeWay()
      }
      return { contentType: registry.contentType, text: parts.join('\n') }
    },
  }
}

function gauges({ queueDepth, renders, listings, imagesWatched }: Measured, registers: Registry[]): void {
  const single = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  single('tiphys_queue_depth', 'Applications that wait to be looked at.', queueDepth)
  single('tiphys_renders', 'Renderings done since the start.', () => renders().renders)
  single('tiphys_renders_remembered', 'Renderings answered from memory since the start.', () => renders().remembered)
  single('tiphys_renders_shared', 'Renderings taken from other replicas since the start.', () => renders().shared)
  single(
    'tiphys_git_listings',
    'Repositories asked for their branches and tags since the start.',
    () => listings().listings,
  )
  single(
    'argocd_image_updater_applications_watched_total',
    'Applications whose images are kept up to date.',
    imagesWatched,
  )
  single('tiphys_git_fetches', 'Fetches from repositories since the start.', () => listings().fetches)
}

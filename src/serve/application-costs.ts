/** What each application has cost this process so far, as Prometheus and "tiphys admin top" are told. */
import { Counter, Gauge, type Registry } from 'prom-client'
import { type Application, instanceName } from '../model/index.ts'

interface Cost {
  looks: number
  lookSeconds: number
  renderSeconds: number
  syncSeconds: number
}

export interface CostsOptions {
  applications(): Application[]
  controlNamespace: string
  /** Objects that are followed because the application has them. */
  liveObjects(application: Application): number
  destination(application: Application): string
  registers: Registry[]
}

export class ApplicationCosts {
  readonly #costs = new Map<string, Cost>()

  constructor(options: CostsOptions) {
    this.#counter('tiphys_app_looks_total', 'Looks at an application.', { ...options, read: (cost) => cost.looks })
    this.#counter('tiphys_app_look_seconds_total', 'Time that looks at an application took, in seconds.', {
      ...options,
      read: (cost) => cost.lookSeconds,
    })
    this.#counter('tiphys_app_render_seconds_total', 'Time that its sources took to fetch and render, in seconds.', {
      ...options,
      read: (cost) => cost.renderSeconds,
    })
    this.#counter('argocd_app_sync_duration_seconds_total', 'Time that operations took, in seconds.', {
      ...options,
      read: (cost) => cost.syncSeconds,
    })
    liveObjects(options)
  }

  looked(instance: string, seconds: number): void {
    const cost = this.#of(instance)
    cost.looks++
    cost.lookSeconds += seconds
  }

  rendered(instance: string, seconds: number): void {
    this.#of(instance).renderSeconds += seconds
  }

  synced(instance: string, seconds: number): void {
    this.#of(instance).syncSeconds += seconds
  }

  #of(instance: string): Cost {
    const known = this.#costs.get(instance)
    if (known) return known
    const cost = { looks: 0, lookSeconds: 0, renderSeconds: 0, syncSeconds: 0 }
    this.#costs.set(instance, cost)
    return cost
  }

  #counter(name: string, help: string, { registers, read, ...options }: CostsOptions & { read(cost: Cost): number }) {
    const costs = this.#costs
    new Counter({
      name,
      help,
      labelNames: ['namespace', 'name', 'project', 'dest_server'],
      registers,
      collect() {
        this.reset()
        const present = new Map(options.applications().map((one) => [instanceName(one, options.controlNamespace), one]))
        for (const [instance, cost] of costs) {
          const application = present.get(instance)
          // Nobody asks about what is gone, and names that come and go must not fill the memory.
          if (!application) costs.delete(instance)
          else this.inc(labelsOf(application, options.destination(application)), read(cost))
        }
      },
    })
  }
}

function liveObjects({ applications, liveObjects: count, destination, registers }: CostsOptions): void {
  new Gauge({
    name: 'tiphys_app_live_objects',
    help: 'Objects in the cluster that belong to an application directly.',
    labelNames: ['namespace', 'name', 'project', 'dest_server'],
    registers,
    collect() {
      this.reset()
      for (const application of applications())
        this.set(labelsOf(application, destination(application)), count(application))
    },
  })
}

function labelsOf({ metadata, spec }: Application, server: string) {
  return { namespace: metadata.namespace ?? '', name: metadata.name, project: spec.project, dest_server: server }
}

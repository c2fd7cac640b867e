/** What each application has cost this process so far, as Prometheus and "tiphys admin top" are told. */
import type { Application, OperationState } from '../model/index.ts'
import type { Family, Sample } from './application-series.ts'

interface Cost {
  looks: number
  lookSeconds: number
  renderSeconds: number
  syncSeconds: number
  /** How many operations have ended, by the labels that tell how. */
  syncs: Map<string, { labels: Record<'phase' | 'dry_run', string>; count: number }>
}

export interface CostsOptions {
  instanceOf(application: Application): string
  /** The server. */
  destination(application: Application): string
}

export class ApplicationCosts {
  readonly #costs = new Map<string, Cost>()
  readonly #options: CostsOptions

  constructor(options: CostsOptions) {
    this.#options = options
  }

  looked(instance: string, seconds: number): void {
    const cost = this.#of(instance)
    cost.looks++
    cost.lookSeconds += seconds
  }

  rendered(instance: string, seconds: number): void {
    this.#of(instance).renderSeconds += seconds
  }

  synced(instance: string, state: OperationState): void {
    const cost = this.#of(instance)
    cost.syncSeconds += secondsOf(state)
    const labels = { phase: state.phase, dry_run: String(state.operation.sync?.dryRun === true) }
    const key = JSON.stringify(labels)
    cost.syncs.set(key, { labels, count: (cost.syncs.get(key)?.count ?? 0) + 1 })
  }

  /** Nobody asks about what is gone, and names that come and go must not fill the memory. */
  keepOnly(applications: readonly Application[]): void {
    const present = new Set(applications.map(this.#options.instanceOf))
    for (const instance of this.#costs.keys()) if (!present.has(instance)) this.#costs.delete(instance)
  }

  families(): Family[] {
    return [
      this.#family('tiphys_app_looks_total', 'Looks at an application.', ({ looks }) => looks),
      this.#family(
        'tiphys_app_look_seconds_total',
        'Time that looks at an application took, in seconds.',
        ({ lookSeconds }) => lookSeconds,
      ),
      this.#family(
        'tiphys_app_render_seconds_total',
        'Time that its sources took to fetch and render, in seconds.',
        ({ renderSeconds }) => renderSeconds,
      ),
      this.#family(
        'argocd_app_sync_duration_seconds_total',
        'Time that operations took, in seconds.',
        ({ syncSeconds }) => syncSeconds,
      ),
      {
        name: 'argocd_app_sync_total',
        help: 'Operations that have ended.',
        type: 'counter',
        samples: (application) => this.#syncsOf(application),
      },
    ]
  }

  #family(name: string, help: string, read: (cost: Cost) => number): Family {
    const samples = (application: Application) => {
      const cost = this.#costs.get(this.#options.instanceOf(application))
      return cost ? [{ labels: this.#labelsOf(application), value: read(cost) }] : []
    }
    return { name, help, type: 'counter', samples }
  }

  #syncsOf(application: Application): Sample[] {
    const { syncs } = this.#costs.get(this.#options.instanceOf(application)) ?? {}
    return [...(syncs?.values() ?? [])].map(({ labels, count }) => ({
      labels: { ...this.#labelsOf(application), ...labels },
      value: count,
    }))
  }

  #labelsOf(application: Application) {
    return labelsOf(application, this.#options.destination(application))
  }

  #of(instance: string): Cost {
    const known = this.#costs.get(instance)
    if (known) return known
    const cost = { looks: 0, lookSeconds: 0, renderSeconds: 0, syncSeconds: 0, syncs: new Map() }
    this.#costs.set(instance, cost)
    return cost
  }
}

export function labelsOf({ metadata, spec }: Application, server: string) {
  return { namespace: metadata.namespace ?? '', name: metadata.name, project: spec.project, dest_server: server }
}

function secondsOf({ startedAt, finishedAt }: OperationState): number {
  const took = Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)
  return Number.isFinite(took) ? Math.max(took / 1000, 0) : 0
}

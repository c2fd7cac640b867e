/** What is asked of the cache that replicas share, for Prometheus; absent where there is none. */
import { hostname } from 'node:os'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { SharedCache } from '../shared-cache/index.ts'
import type { Role } from './role.ts'

export interface MeasuredCache {
  cache: Pick<SharedCache, 'onRequest' | 'isConnected' | 'rejected'>
  roles: readonly Role[]
}

export function sharedCacheMetrics({ cache, roles }: MeasuredCache, registers: Registry[]): void {
  const requests = new Counter({
    name: 'argocd_redis_request_total',
    help: 'Requests to Redis.',
    labelNames: ['hostname', 'initiator', 'command', 'failed'],
    registers,
  })
  const durations = new Histogram({
    name: 'argocd_redis_request_duration',
    help: 'Time that requests to Redis take, in seconds.',
    labelNames: ['hostname', 'initiator'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1],
    registers,
  })
  // Dashboards know these two names.
  const initiator = roles.includes('controller') ? 'argocd-application-controller' : 'argocd-server'
  const by = { hostname: hostname(), initiator }
  cache.onRequest((command, seconds, failed) => {
    requests.inc({ ...by, command, failed: String(failed) })
    durations.observe(by, seconds)
  })
  const single = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  single('tiphys_redis_connected', 'Whether Redis is there: 1, or 0.', () => Number(cache.isConnected))
  single(
    'tiphys_redis_values_rejected',
    'Values found in Redis that this installation has not written.',
    () => cache.rejected,
  )
}

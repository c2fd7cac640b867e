/** Applications of a rollout are not synced by themselves: their set has each synced when it is its turn. Pure. */
import type { Application } from '../../model/index.ts'

type Operation = NonNullable<Application['operation']>

export function withoutAutomatedSync(application: Application): Application {
  const { spec } = application
  const { automated } = spec.syncPolicy ?? {}
  if (!automated) return application
  return {
    ...application,
    spec: { ...spec, syncPolicy: { ...spec.syncPolicy, automated: { ...automated, enabled: false } } },
  }
}

const defaultRetries = 5

/** What the application would do by itself if it were left to it. */
export function syncOperation({ spec: { syncPolicy } }: Application): Operation {
  const { automated, syncOptions, retry } = syncPolicy ?? {}
  return {
    initiatedBy: { username: 'applicationset-controller', automated: true },
    info: [{ name: 'Reason', value: 'ApplicationSet RollingSync triggered a sync of this Application resource' }],
    sync: {
      ...(automated?.prune && automated.enabled !== false && { prune: true }),
      ...(syncOptions && { syncOptions }),
    },
    retry: retry ?? { limit: defaultRetries },
  }
}

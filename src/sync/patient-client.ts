/** A client that waits out a server's bad minutes, so that a sync does not fail for what passes by itself. */
import { backoff, type Clock } from '../kube/clock.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import { isRetriable, KubeError } from '../kube/kube-error.ts'
import { keyOf, messageOf, versionOf } from '../model/index.ts'

export interface Patience {
  clock: Clock
  /** Between 0 and 1. */
  random?: () => number
  onWait(message: string): void | Promise<void>
}

/** A server that cannot be reached or asks for time gets this long; one that fails at just this request less. */
const unreachableMs = 600_000
const failingMs = 30_000
/** What asks for such an object is refused until somebody mends the webhook: that is to be told soon. */
const webhookMs = 3_000

/** Only for requests that may be sent twice, which all those of a sync are. */
export function patientClient(client: KubeClient, patience: Patience): KubeClient {
  const patiently = <Answer>(send: () => Promise<Answer>, signal?: AbortSignal) =>
    repeatedly(send, { ...patience, ...(signal && { signal }) })
  return {
    ...client,
    get: (target, signal) => patiently(() => client.get(target, signal), signal),
    apply: (object, options) => patiently(() => client.apply(object, options), options?.signal),
    replace: (object, options) => patiently(() => client.replace(object, options), options?.signal),
    patch: (target, patch, options) => patiently(() => client.patch(target, patch, options), options.signal),
    delete: (target, options) => patiently(() => client.delete(target, options), options?.signal),
    async create(object, options) {
      let mayBeMade = false
      const create = async () => {
        try {
          return await client.create(object, options)
        } catch (error) {
          const live = mayBeMade && isTaken(error) ? await client.get(targetOf(object), options?.signal) : undefined
          if (live) return live
          if (!options?.dryRun && isRetriable(error)) mayBeMade = true
          throw error
        }
      }
      return patiently(create, options?.signal)
    },
  }

  function targetOf(object: Parameters<KubeClient['create']>[0]) {
    return { ...keyOf(object), version: versionOf(object.apiVersion) }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof KubeError && error.reason === 'AlreadyExists'
}

async function repeatedly<Answer>(
  send: () => Promise<Answer>,
  { clock, random = Math.random, onWait, signal }: Patience & { signal?: AbortSignal },
): Promise<Answer> {
  const begun = clock.now()
  for (let tried = 0; ; tried++) {
    try {
      return await send()
    } catch (error) {
      signal?.throwIfAborted()
      if (clock.now() - begun >= patienceWith(error)) throw error
      if (tried > 2) await onWait(`${messageOf(error)}: trying again`)
      const retryAfterMs = error instanceof KubeError ? error.retryAfterMs : undefined
      await clock.sleep(retryAfterMs || backoff(tried, { first: 100, most: 5_000, random }), signal)
    }
  }
}

function patienceWith(error: unknown): number {
  if (!(error instanceof KubeError) || !isRetriable(error)) return 0
  if (error.code !== 500) return unreachableMs
  if (/failed calling webhook/.test(error.message)) return webhookMs
  // A field that the schema does not know is told as a failure of the server.
  return /typed patch object|typed live object/.test(error.message) ? 0 : failingMs
}

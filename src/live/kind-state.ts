/** How well a kind can be followed, and what follows from it. */
import type { InformerState } from '../kube/informer.ts'
import type { KindWatch } from './kind-watch.ts'
import type { KindState } from './live-cluster.ts'

/** A kind that the server fails to list for so long need not be waited for: its broken webhook is its own trouble. */
const patienceMs = 10_000
/** A watch that broke is usually back within moments; for so long what it last knew is good enough. */
const staleLimitMs = 60_000

/** Listed, or refused for good. */
export function isSettled(state: InformerState, now: number): boolean {
  if (state.status !== 'failing' || state.listed) return state.status !== 'syncing'
  return (state.code >= 400 && state.code < 500) || (state.code >= 500 && now - state.since > patienceMs)
}

/** What is kept may be judged by. */
export function isTrustworthy(state: InformerState, now: number): boolean {
  if (state.status !== 'failing') return state.status === 'synced'
  return state.listed && state.code !== 403 && now - state.since < staleLimitMs
}

/** What the cluster as a whole suffers from: no answer to most of the watches. */
export function outage(watches: Iterable<KindWatch>): string | undefined {
  let all = 0
  let silent = 0
  let message: string | undefined
  for (const watch of watches) {
    all++
    const state = watch.state()
    if (state.status !== 'failing' || state.code !== 0) continue
    silent++
    message ??= state.message
  }
  return silent * 2 > all ? message : undefined
}

export function kindState(watch: KindWatch): KindState {
  const { group, kind, version } = watch.resource
  const state = watch.state()
  const message = state.status === 'failing' ? state.message : undefined
  return { group, kind, version, full: watch.full, objects: watch.size, status: state.status, message }
}

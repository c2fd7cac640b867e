/**
 * Actions that Argo CD does not have: parts of `sync` and of `update`, asked in addition to them or instead.
 *
 * | action               | what it is                                         |
 * | -------------------- | -------------------------------------------------- |
 * | `sync/prune`         | a sync that prunes                                 |
 * | `sync/force`         | a sync that replaces by deleting and creating      |
 * | `sync/replace`       | a sync that writes without merging                 |
 * | `update/sync-policy` | to switch automated sync, its pruning, self-healing |
 *
 * A policy written for Argo CD goes on meaning what it meant: whoever may `sync` may prune, force and replace; whoever may
 * `update` may change the sync policy. A line says something else only by *naming* the part: its action is written as
 * `sync/prune` (or `sync/*`, `sync/.*` for all three), or as `update/sync-policy`. So `update/*`, which speaks about the
 * objects of an application, neither grants nor denies the sync policy.
 *
 * For one subject, a part is allowed
 * - when the whole (`sync`, `update`) is allowed, and no line that names the part denies it; or
 * - when a line that names the part allows it, and no line whose action matches it in any way denies it. So somebody may
 *   switch automated sync without being allowed to update anything else.
 */

interface SubAction {
  /** What includes it unless it is denied by name. */
  whole: string
  names: Set<string>
}

function partOf(whole: string, part: string, all: string[] = []): [string, SubAction] {
  return [part, { whole, names: new Set([part, ...all]) }]
}

const allOfSync = ['sync/*', 'sync/.*']

const subActions = new Map<string, SubAction>([
  partOf('sync', 'sync/prune', allOfSync),
  partOf('sync', 'sync/force', allOfSync),
  partOf('sync', 'sync/replace', allOfSync),
  partOf('update', 'update/sync-policy'),
])

export function subActionOf(resource: string, action: string): SubAction | undefined {
  return resource === 'applications' ? subActions.get(action) : undefined
}

/** Whether the action of a line names the part; a regular expression may fix both its ends. */
export function namesSubAction({ names }: SubAction, action: string): boolean {
  return names.has(action.replace(/^\^|\$$/g, ''))
}

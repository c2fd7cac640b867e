/** Which views of an object make sense: a ConfigMap has no log. Pure. */
import type { ObjectAddress } from './queries/object-address.ts'

export type TabName = 'overview' | 'changes' | 'yaml' | 'events' | 'logs' | 'terminal' | 'actions'

export interface TabFacts {
  address: ObjectAddress
  /** It is in the cluster. */
  isLive: boolean
  /** It is one of those that the application manages, and not made by one of them. */
  isDeclared: boolean
  /** It is a Pod, or owns some. */
  hasPods: boolean
  mayLogs: boolean
  /** At least one thing can be done to it. */
  mayAct: boolean
  mayExec: boolean
}

const runsPods = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Rollout']

export function tabsOf({ address, isLive, isDeclared, hasPods, mayLogs, mayAct, mayExec }: TabFacts): TabName[] {
  const couldHavePods = hasPods || runsPods.includes(address.kind)
  return [
    'overview',
    ...(isDeclared ? (['changes'] as const) : []),
    'yaml',
    ...(isLive ? (['events'] as const) : []),
    ...(isLive && couldHavePods && mayLogs ? (['logs'] as const) : []),
    ...(isLive && couldHavePods && mayExec ? (['terminal'] as const) : []),
    ...(isLive && mayAct ? (['actions'] as const) : []),
  ]
}

/** What a plan takes away for good, named before it happens. Pure. */
import type { PlannedStep } from '../../lib/api.ts'
import { effectOf } from '../../lib/sync-plan.ts'

export interface Destroyed {
  pruned: string[]
  /** Of those, what takes more along than itself: volumes, namespaces, definitions. */
  withMore: { name: string; what: 'data' | 'everything in it' | 'objects of its kind' }[]
  replaced: string[]
  forced: string[]
}

const takesAlong: Record<string, Destroyed['withMore'][number]['what']> = {
  PersistentVolumeClaim: 'data',
  Namespace: 'everything in it',
  CustomResourceDefinition: 'objects of its kind',
}

export function destroyedBy(steps: PlannedStep[]): Destroyed {
  const names = (of: PlannedStep[]) => of.map(({ kind, name }) => `${kind} ${name}`)
  const pruned = steps.filter((step) => effectOf(step) === 'prune')
  const changed = steps.filter((step) => effectOf(step) === 'change' || effectOf(step) === 'unchanged')
  return {
    pruned: names(pruned),
    withMore: pruned.flatMap(({ kind, name }) => {
      const what = takesAlong[kind]
      return what ? [{ name: `${kind} ${name}`, what }] : []
    }),
    replaced: names(changed.filter(({ replaced }) => replaced)),
    forced: names(changed.filter(({ forced, replaced }) => forced && !replaced)),
  }
}

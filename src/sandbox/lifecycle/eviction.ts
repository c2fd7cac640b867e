/** Whether a disruption budget lets a pod be evicted. */
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { labelsMatch, type Requirement } from '../store/label-selector.ts'
import type { Call, Cluster } from './cluster.ts'

interface Selector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

const operators: Record<string, Requirement['operator']> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
}

function requirementsOf({ matchLabels = {}, matchExpressions = [] }: Selector): Requirement[] {
  return [
    ...Object.entries(matchLabels).map(([key, value]): Requirement => ({ key, operator: '=', values: [value] })),
    ...matchExpressions.map(({ key, operator, values = [] }) => ({
      key,
      operator: operators[operator] ?? 'exists',
      values,
    })),
  ]
}

function covers(budget: KubeObject, pod: KubeObject): boolean {
  const { selector } = budget.spec as { selector?: Selector }
  return selector !== undefined && labelsMatch(requirementsOf(selector), pod.metadata.labels)
}

/** The 429 that says which budget stands in the way; undefined when none does. */
export function disruptionRefusal(cluster: Cluster, { namespace, name }: Call): StatusError | undefined {
  const pod = cluster.store.bucket('pods').get(namespace, name)
  const budgets = cluster.store.bucket('policy/poddisruptionbudgets').list(namespace)
  const budget = pod && budgets.find((one) => covers(one, pod))
  const { disruptionsAllowed = 0 } = (budget?.status ?? {}) as { disruptionsAllowed?: number }
  if (!budget || disruptionsAllowed > 0) return undefined
  const message = `The disruption budget ${budget.metadata.name} does not allow evicting pods currently`
  const causes = [{ reason: 'DisruptionBudget', message }]
  return new StatusError({
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    reason: 'TooManyRequests',
    details: { causes },
    code: 429,
  })
}

/** What admission adds to a new pod: its priority, and how long it stays on a node that is lost. */
import { child, isAbsent, list, number, text } from '../kinds/fields.ts'
import type { KubeObject } from '../object.ts'
import { type AdmissionRequest, forbiddenByAdmission } from './request.ts'

const priorityClasses = { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' }

/** Classes every cluster has. */
const systemClasses: Record<string, number> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}

interface Priority {
  name: string
  value: number
  preemption: string
}

function priorityOf(found: KubeObject): Priority {
  const { value, preemptionPolicy } = found
  return {
    name: found.metadata.name ?? '',
    value: number(value) ?? 0,
    preemption: text(preemptionPolicy) || 'PreemptLowerPriority',
  }
}

function namedPriority(request: AdmissionRequest, name: string): Priority {
  const found = request.cluster.get({ ...priorityClasses, name })
  if (found) return priorityOf(found)
  const system = systemClasses[name]
  if (system === undefined) throw forbiddenByAdmission(request, `no PriorityClass with name ${name} was found`)
  return { name, value: system, preemption: 'PreemptLowerPriority' }
}

function usualPriority({ cluster }: AdmissionRequest): Priority {
  const usual = cluster
    .list(priorityClasses)
    .filter(({ globalDefault }) => globalDefault === true)
    .map(priorityOf)
    .sort((a, b) => a.value - b.value)[0]
  return usual ?? { name: '', value: 0, preemption: 'PreemptLowerPriority' }
}

export function setPriority(request: AdmissionRequest): void {
  const spec = child(request.object, 'spec')
  const named = text(spec.priorityClassName)
  const priority = named === '' ? usualPriority(request) : namedPriority(request, named)
  const asked = number(spec.priority)
  if (asked !== undefined && asked !== priority.value) {
    const why = `the integer value of priority (${asked}) must not be provided in pod spec; priority admission controller computed ${priority.value} from the given PriorityClass name`
    throw forbiddenByAdmission(request, why)
  }
  const preemption = text(spec.preemptionPolicy)
  if (preemption !== '' && preemption !== priority.preemption) {
    const why = `the string value of PreemptionPolicy (${preemption}) must not be provided in pod spec; priority admission controller computed ${priority.preemption} from the given PriorityClass name`
    throw forbiddenByAdmission(request, why)
  }
  if (priority.name !== '') spec.priorityClassName = priority.name
  spec.priority = priority.value
  spec.preemptionPolicy = priority.preemption
}

const lostNode = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
const secondsOnLostNode = 300

export function setTolerations(object: KubeObject): void {
  const spec = child(object, 'spec')
  const present = list(spec.tolerations)
  const tolerated = (key: string) =>
    present.some(
      (toleration) =>
        (toleration.key === key || text(toleration.key) === '') &&
        (isAbsent(toleration.effect) || toleration.effect === '' || toleration.effect === 'NoExecute'),
    )
  const added = lostNode
    .filter((key) => !tolerated(key))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: secondsOnLostNode }))
  if (added.length > 0) spec.tolerations = [...present, ...added]
}

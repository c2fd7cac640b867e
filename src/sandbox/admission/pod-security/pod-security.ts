/** Pod Security: what a namespace's labels demand of pods, and warn of in what makes pods. */
import { type Fields, fields } from '../../kinds/fields.ts'
import type { KubeObject } from '../../object.ts'
import { type AdmissionRequest, forbiddenByAdmission } from '../request.ts'
import { baseline } from './baseline.ts'
import type { Check } from './pod.ts'
import { restricted } from './restricted.ts'

const prefix = 'pod-security.kubernetes.io/'

/** Restricted has stricter rules in place of two of baseline's. */
const replaced = ['capabilities', 'seccomp', 'hostPaths']
const strict = [
  ...Object.entries(baseline)
    .filter(([name]) => !replaced.includes(name))
    .map(([, check]) => check),
  ...Object.values(restricted),
]

const levels: Record<string, Check[]> = { privileged: [], baseline: Object.values(baseline), restricted: strict }

interface Demand {
  level: string
  version: string
}

function demandOf(namespace: KubeObject | undefined, mode: 'enforce' | 'warn'): Demand {
  const labels = namespace?.metadata.labels ?? {}
  const level = labels[`${prefix}${mode}`] ?? 'privileged'
  const version = labels[`${prefix}${mode}-version`] ?? 'latest'
  // A level nobody knows is taken for the strictest.
  return { level: Object.hasOwn(levels, level) ? level : 'restricted', version }
}

function faultsOf(pod: Fields, { level, version }: Demand): string | undefined {
  const faults = (levels[level] ?? []).flatMap((check) => check(fields(pod.spec), fields(pod.metadata)) ?? [])
  if (faults.length === 0) return undefined
  const told = faults.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ')
  return `PodSecurity "${level}:${version}": ${told}`
}

/** Where the kinds that make pods hold what they make. */
const templates: Record<string, (object: KubeObject) => unknown> = {
  '/podtemplates': ({ template }) => template,
  '/replicationcontrollers': ({ spec }) => fields(spec).template,
  'apps/daemonsets': ({ spec }) => fields(spec).template,
  'apps/deployments': ({ spec }) => fields(spec).template,
  'apps/replicasets': ({ spec }) => fields(spec).template,
  'apps/statefulsets': ({ spec }) => fields(spec).template,
  'batch/cronjobs': ({ spec }) => fields(fields(fields(spec).jobTemplate).spec).template,
  'batch/jobs': ({ spec }) => fields(spec).template,
}

function namespaceOf({ cluster, namespace }: AdmissionRequest): KubeObject | undefined {
  return cluster.get({ group: '', version: 'v1', resource: 'namespaces', name: namespace })
}

/** Throws a 403 StatusError for a pod that breaks what is enforced; gives the warnings of the rest. */
export function checkPodSecurity(request: AdmissionRequest): string[] {
  const { group, resource, subresource, object, old } = request
  if (subresource || request.namespace === '') return []
  const isPod = group === '' && resource === 'pods'
  // A change of a pod is looked at only when it brings other images, which no rule is about.
  if (isPod && old) return []
  const pod = isPod ? object : templates[`${group}/${resource}`]?.(object)
  if (pod === undefined) return []
  const namespace = namespaceOf(request)
  const refused = isPod ? faultsOf(fields(pod), demandOf(namespace, 'enforce')) : undefined
  if (refused !== undefined) throw forbiddenByAdmission(request, `violates ${refused}`)
  const warned = faultsOf(fields(pod), demandOf(namespace, 'warn'))
  return warned === undefined ? [] : [`would violate ${warned}`]
}

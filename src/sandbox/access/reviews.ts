/** The kinds that are only asked, never stored: access reviews, token reviews and who-am-I. */
import { invalid } from '../invalid.ts'
import type { Call, Cluster, User } from '../lifecycle/cluster.ts'
import { settleNamespace } from '../lifecycle/create.ts'
import { track } from '../lifecycle/ownership.ts'
import { timestamp } from '../lifecycle/timestamp.ts'
import type { KubeObject } from '../object.ts'
import { badRequest } from '../refusal.ts'
import type { FieldFault } from '../status.ts'
import { type Attributes, decide, isSuperuser, type PolicyRule, rulesOf } from './rbac.ts'

interface AccessSpec {
  user?: string
  groups?: string[]
  uid?: string
  resourceAttributes?: Partial<Record<'namespace' | 'verb' | 'group' | 'resource' | 'subresource' | 'name', string>>
  nonResourceAttributes?: { path?: string; verb?: string }
}

/** Answers a review; the object is decoded and the answer's to change. */
export type Review = (cluster: Cluster, call: Call, object: KubeObject) => KubeObject

function fault(field: string, value: unknown, why: string): FieldFault {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` }
}

function goAttributes({ path = '', verb = '' }: { path?: string; verb?: string }) {
  return { Path: path, Verb: verb }
}

function specFaults(spec: AccessSpec, isSelf: boolean): FieldFault[] {
  const { resourceAttributes, nonResourceAttributes } = spec
  const faults: FieldFault[] = []
  if (resourceAttributes && nonResourceAttributes) {
    const value = goAttributes(nonResourceAttributes)
    const why = 'cannot be specified in combination with resourceAttributes'
    faults.push(fault('spec.nonResourceAttributes', value, why))
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
    faults.push(fault('spec.resourceAttributes', null, why))
  }
  if (!isSelf && !spec.user && (spec.groups ?? []).length === 0) {
    faults.push(fault('spec.user', '', 'at least one of user or group must be specified'))
  }
  return faults
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: AccessSpec): Attributes {
  if (nonResourceAttributes) {
    return { kind: 'path', verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' }
  }
  const { verb = '', namespace = '', group = '', resource = '', subresource = '', name = '' } = resourceAttributes ?? {}
  return { kind: 'resource', verb, namespace, group, resource, subresource, name }
}

function refuse(faults: FieldFault[]): void {
  if (faults.length > 0) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', faults)
}

function subjectAccess(cluster: Cluster, call: Call, object: KubeObject): KubeObject {
  const spec = (object.spec ?? {}) as AccessSpec
  const isSelf = call.resource.name === 'selfsubjectaccessreviews'
  refuse(specFaults(spec, isSelf))
  const asked = spec.resourceAttributes?.namespace ?? ''
  if (call.resource.namespaced && asked !== call.namespace) {
    refuse([fault('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')])
  }
  const user: User = isSelf ? call.user : { name: spec.user ?? '', groups: spec.groups ?? [] }
  const { allowed, reason } = decide(cluster.store, user, attributesOf(spec))
  return { ...object, status: { allowed, ...(reason && { reason }) } }
}

const everything: PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/** Rules that say the same are told once. */
function distinct(rules: PolicyRule[]): PolicyRule[] {
  const seen = new Map(rules.map((rule) => [JSON.stringify(rule), rule]))
  return [...seen.values()]
}

function selfRules(cluster: Cluster, call: Call, object: KubeObject): KubeObject {
  const { namespace = '' } = (object.spec ?? {}) as { namespace?: string }
  if (namespace === '') throw badRequest('no namespace on request')
  const found = rulesOf(cluster.store, call.user, namespace)
  const rules = distinct(isSuperuser(call.user) ? [...everything, ...found] : found)
  const resourceRules = rules
    .filter(({ nonResourceURLs }) => !nonResourceURLs)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames && { resourceNames }),
    }))
  const nonResourceRules = rules.flatMap(({ verbs, nonResourceURLs }) =>
    nonResourceURLs ? { verbs, nonResourceURLs } : [],
  )
  return {
    kind: object.kind,
    apiVersion: object.apiVersion,
    metadata: {},
    spec: {},
    status: { resourceRules, nonResourceRules, incomplete: false },
  }
}

function userInfo({ name, uid, groups, extra }: User) {
  return { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) }
}

function selfSubject(_cluster: Cluster, call: Call, object: KubeObject): KubeObject {
  const metadata = { creationTimestamp: timestamp(call.now) }
  return { kind: object.kind, apiVersion: object.apiVersion, metadata, status: { userInfo: userInfo(call.user) } }
}

function tokenReview(cluster: Cluster, call: Call, object: KubeObject): KubeObject {
  const { token = '' } = (object.spec ?? {}) as { token?: string }
  const user = token === '' ? undefined : cluster.tokens.userOf(token, cluster.store, call.now)
  if (!user) return { ...object, status: { user: {}, error: 'invalid bearer token' } }
  return { ...object, status: { authenticated: true, user: userInfo(user) } }
}

/** By group and resource. */
const reviews: Record<string, Review> = {
  'authorization.k8s.io/subjectaccessreviews': subjectAccess,
  'authorization.k8s.io/localsubjectaccessreviews': subjectAccess,
  'authorization.k8s.io/selfsubjectaccessreviews': subjectAccess,
  'authorization.k8s.io/selfsubjectrulesreviews': selfRules,
  'authentication.k8s.io/selfsubjectreviews': selfSubject,
  'authentication.k8s.io/tokenreviews': tokenReview,
}

export function isReview({ resource }: Call): boolean {
  return resource.bucket in reviews
}

/** The review with its answer; it is nowhere stored, but has owners like any object that is created. */
export function answerReview(cluster: Cluster, call: Call, object: KubeObject): KubeObject {
  settleNamespace(call, object)
  track(cluster, call, object)
  return reviews[call.resource.bucket]?.(cluster, call, object) ?? object
}

/** The RBAC authoriser: does some binding give this user a rule that allows the request? */
import type { User } from '../lifecycle/cluster.ts'
import type { KubeObject } from '../object.ts'
import type { Store } from '../store/store.ts'

export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

/** What is asked for: a resource, or a path that is none. */
export type Attributes =
  | { kind: 'path'; verb: string; path: string }
  | {
      kind: 'resource'
      verb: string
      namespace: string
      group: string
      resource: string
      subresource: string
      name: string
    }

export interface Decision {
  allowed: boolean
  /** Which binding allowed it; absent for a superuser and for a refusal. */
  reason?: string
}

interface Subject {
  kind: string
  name: string
  namespace?: string
}

interface Binding extends KubeObject {
  roleRef: { kind: string; name: string }
  subjects?: Subject[]
}

const superusers = 'system:masters'
const roleBucket = 'rbac.authorization.k8s.io'

function isMember(user: User, subject: Subject, namespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name
    case 'Group':
      return user.groups.includes(subject.name)
    default:
      return user.name === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`
  }
}

function includes(list: string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value))
}

function resourceMatches(rule: PolicyRule, resource: string, subresource: string): boolean {
  if (subresource === '') return includes(rule.resources, resource)
  return includes(rule.resources, `${resource}/${subresource}`) || (rule.resources ?? []).includes(`*/${subresource}`)
}

function pathMatches(pattern: string, path: string): boolean {
  return pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)))
}

export function ruleAllows(rule: PolicyRule, asked: Attributes): boolean {
  if (!includes(rule.verbs, asked.verb)) return false
  if (asked.kind === 'path') return (rule.nonResourceURLs ?? []).some((pattern) => pathMatches(pattern, asked.path))
  return (
    includes(rule.apiGroups, asked.group) &&
    resourceMatches(rule, asked.resource, asked.subresource) &&
    ((rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(asked.name))
  )
}

interface Grant {
  rules: PolicyRule[]
  /** How a reason names the binding, the role and the subject. */
  told: string
}

/** The rules of the role that a binding refers to; none when it is missing. */
export function referredRules(store: Store, roleRef: Binding['roleRef'], namespace: string): PolicyRule[] {
  const isCluster = roleRef.kind === 'ClusterRole'
  const bucket = store.bucket(`${roleBucket}/${isCluster ? 'clusterroles' : 'roles'}`)
  return (bucket.get(isCluster ? '' : namespace, roleRef.name)?.rules ?? []) as PolicyRule[]
}

function subjectText({ kind, name, namespace }: Subject, own: string): string {
  return kind === 'ServiceAccount' ? `${kind} "${name}/${namespace ?? own}"` : `${kind} "${name}"`
}

function* grantsOf(store: Store, user: User, namespace: string): Iterable<Grant> {
  const places: [bucket: string, namespace: string][] = [['clusterrolebindings', '']]
  if (namespace !== '') places.push(['rolebindings', namespace])
  for (const [bucket, own] of places) {
    for (const binding of store.bucket(`${roleBucket}/${bucket}`).list(own) as readonly Binding[]) {
      const subject = binding.subjects?.find((one) => isMember(user, one, own))
      if (!subject) continue
      const { roleRef, metadata } = binding
      const name = own === '' ? metadata.name : `${metadata.name}/${own}`
      const told = `${own === '' ? 'ClusterRoleBinding' : 'RoleBinding'} "${name}" of ${roleRef.kind} "${roleRef.name}" to ${subjectText(subject, own)}`
      yield { rules: referredRules(store, roleRef, own), told }
    }
  }
}

export function isSuperuser(user: User): boolean {
  return user.groups.includes(superusers)
}

export function decide(store: Store, user: User, asked: Attributes): Decision {
  if (isSuperuser(user)) return { allowed: true }
  const namespace = asked.kind === 'resource' ? asked.namespace : ''
  for (const { rules, told } of grantsOf(store, user, namespace)) {
    if (rules.some((rule) => ruleAllows(rule, asked))) return { allowed: true, reason: `RBAC: allowed by ${told}` }
  }
  return { allowed: false }
}

/** Every rule that the user has in a namespace. */
export function rulesOf(store: Store, user: User, namespace: string): PolicyRule[] {
  return [...grantsOf(store, user, namespace)].flatMap(({ rules }) => rules)
}

/** Nobody gives away by a role or a binding what they do not hold themselves. */
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import type { KubeObject } from '../object.ts'
import { forbidden } from '../refusal.ts'
import { decide, isSuperuser, type PolicyRule, referredRules, rulesOf } from './rbac.ts'

function covers(held: PolicyRule, asked: PolicyRule): boolean {
  const all = (have: string[] | undefined, want: string[] | undefined) =>
    (have ?? []).includes('*') || (want ?? []).every((one) => (have ?? []).includes(one))
  if (!all(held.verbs, asked.verbs)) return false
  if (asked.nonResourceURLs) return all(held.nonResourceURLs, asked.nonResourceURLs)
  const names = held.resourceNames ?? []
  const namesFit = names.length === 0 || (asked.resourceNames ?? []).some((one) => names.includes(one))
  return all(held.apiGroups, asked.apiGroups) && all(held.resources, asked.resources) && namesFit
}

/** One rule for each group, resource and verb that a rule names. */
function atoms(rule: PolicyRule): PolicyRule[] {
  return rule.verbs.flatMap((verb): PolicyRule[] =>
    rule.nonResourceURLs
      ? rule.nonResourceURLs.map((url) => ({ verbs: [verb], nonResourceURLs: [url] }))
      : (rule.apiGroups ?? []).flatMap((group) =>
          (rule.resources ?? []).map((resource) => ({
            ...rule,
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
          })),
        ),
  )
}

function goList(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`
}

/** The missing rules as the message lists them, those that differ only by verb in one. */
function ruleTexts(missing: PolicyRule[]): string[] {
  const byPlace = new Map<string, string[]>()
  for (const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs } of missing) {
    const names = resourceNames.length > 0 ? `, ResourceNames:${goList(resourceNames)}` : ''
    const place = nonResourceURLs
      ? `NonResourceURLs:${goList(nonResourceURLs)}`
      : `APIGroups:${goList(apiGroups)}, Resources:${goList(resources)}${names}`
    byPlace.set(place, [...(byPlace.get(place) ?? []), ...verbs])
  }
  return [...byPlace].map(([place, verbs]) => `{${place}, Verbs:${goList(verbs)}}`).sort()
}

/** The rules that writing the object would hand out, and the verb that allows it all the same. */
function handedOut(cluster: Cluster, object: KubeObject): { rules: PolicyRule[]; verb: string } {
  if (object.kind.endsWith('Binding')) {
    const roleRef = object.roleRef as { kind: string; name: string }
    return { rules: referredRules(cluster.store, roleRef, object.metadata.namespace ?? ''), verb: 'bind' }
  }
  return { rules: (object.rules ?? []) as PolicyRule[], verb: 'escalate' }
}

export function checkEscalation(cluster: Cluster, call: Call, object: KubeObject): void {
  const { resource, user, namespace } = call
  if (resource.group !== 'rbac.authorization.k8s.io' || isSuperuser(user)) return
  const { rules, verb } = handedOut(cluster, object)
  const name = object.metadata.name ?? ''
  const attributes = { kind: 'resource', verb, namespace, group: resource.group, resource: resource.name } as const
  if (decide(cluster.store, user, { ...attributes, subresource: '', name }).allowed) return
  const held = rulesOf(cluster.store, user, namespace)
  const missing = rules.flatMap(atoms).filter((atom) => !held.some((rule) => covers(rule, atom)))
  if (missing.length === 0) return
  const who = `user ${JSON.stringify(user.name)} (groups=${goList(user.groups)})`
  throw forbidden(
    resource,
    name,
    `${who} is attempting to grant RBAC permissions not currently held:\n${ruleTexts(missing).join('\n')}`,
  )
}

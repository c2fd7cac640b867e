/** Gateway API: a Gateway with its listeners, a route with its parents, a policy with its ancestors. */
import type { Health, KubeObject } from '../../model/index.ts'
import { conditionText, type Fields, fieldsAt, listAt, textAt } from '../status-fields.ts'
import type { Rule } from './rule.ts'

const healthy: Health = { status: 'Healthy' }

function progressing(message: string): Health {
  return { status: 'Progressing', message }
}

/** Of one list of conditions; undefined when nothing is wrong. */
function trouble(conditions: Fields[], about: string): Health | undefined {
  const textOf = (entry: Fields) => {
    const told = conditionText({ reason: textAt(entry, 'reason'), message: textAt(entry, 'message') })
    return `${about}${told || `${textAt(entry, 'type')} is ${textAt(entry, 'status')}`}`
  }
  const bad = ['ResolvedRefs', 'Accepted']
    .map((type) => conditions.find((entry) => entry.type === type && entry.status === 'False'))
    .find((entry) => entry !== undefined)
  if (bad) return { status: 'Degraded', message: textOf(bad) }
  const open = conditions.find(({ type, status }) => type === 'Programmed' && status !== 'True')
  return open && progressing(textOf(open))
}

export const gatewayHealth: Rule = (gateway) => {
  const conditions = fieldsAt(gateway, 'status').conditions
  const listeners = listAt(gateway, 'status', 'listeners')
  if (conditions === undefined && listeners.length === 0) return progressing('no controller has taken the gateway yet')
  const own = trouble(listAt(gateway, 'status', 'conditions'), '')
  if (own) return own
  const ofListeners = listeners.map((listener) =>
    trouble(listAt(listener, 'conditions'), `listener ${textAt(listener, 'name')}: `),
  )
  return ofListeners.find((health) => health !== undefined) ?? healthy
}

export const routeHealth: Rule = (route) => {
  const told = listAt(route, 'status', 'parents').filter(
    (parent) => parent.conditions !== undefined && isCurrent(route, listAt(parent, 'conditions')),
  )
  const ofParents = told.map((parent) =>
    trouble(listAt(parent, 'conditions'), `gateway ${nameAt(parent, 'parentRef')}: `),
  )
  const bad = ofParents.find((health) => health !== undefined)
  if (bad) return bad
  if (told.some((parent) => listAt(parent, 'conditions').length > 0)) return healthy
  return progressing('no gateway has taken the route yet')
}

/** `mustAccept`: an ancestor that says nothing about it has not accepted the policy. */
export function policyHealth(mustAccept: boolean): Rule {
  return (policy) => {
    const ancestors = listAt(policy, 'status', 'ancestors')
    const late = ancestors.find((ancestor) => {
      const conditions = listAt(ancestor, 'conditions')
      return (
        !isCurrent(policy, conditions) ||
        (mustAccept && conditions.some((entry) => entry.observedGeneration === undefined))
      )
    })
    if (late) return progressing(`${nameAt(late, 'ancestorRef')} has not yet acted on the latest change`)
    const bad = ancestors.map((ancestor) => refusal(ancestor, mustAccept)).find((health) => health !== undefined)
    if (bad) return bad
    const accepted = ancestors.some((ancestor) =>
      listAt(ancestor, 'conditions').some(({ type }) => type === 'Accepted'),
    )
    return accepted ? healthy : progressing('no gateway has taken the policy yet')
  }
}

function refusal(ancestor: Fields, mustAccept: boolean): Health | undefined {
  const conditions = listAt(ancestor, 'conditions')
  const about = `${nameAt(ancestor, 'ancestorRef')}: `
  const bad = conditions.find(
    ({ type, status }) => (type === 'Accepted' || type === 'ResolvedRefs') && status !== 'True',
  )
  if (bad) {
    const told = conditionText({ reason: textAt(bad, 'reason'), message: textAt(bad, 'message') })
    return { status: 'Degraded', message: `${about}${told}` }
  }
  const silent = mustAccept && !conditions.some(({ type }) => type === 'Accepted')
  return silent ? { status: 'Degraded', message: `${about}it is not accepted` } : undefined
}

function isCurrent({ metadata }: KubeObject, conditions: Fields[]): boolean {
  if (metadata.generation === undefined) return true
  return conditions.every(
    ({ observedGeneration: observed }) => observed === undefined || observed === metadata.generation,
  )
}

function nameAt(entry: Fields, reference: string): string {
  return textAt(fieldsAt(entry, reference), 'name')
}

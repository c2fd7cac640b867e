/** What is wrong with the roles of a project: they may only speak of their own project. Pure. */
import type { AppProjectSpec } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'

type Role = NonNullable<AppProjectSpec['roles']>[number]

const resources = ['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories']
const actions = ['get', 'create', 'update', 'delete', 'sync', 'override', 'rollback', '*']
const actionPattern = /(action|update|delete)\/.*/

/** Throws InvalidArgument, or AlreadyExists for what is there twice. */
export function validateRoles(project: string, roles: Role[]): void {
  refuseTwice(
    roles.map(({ name }) => name),
    'role',
  )
  for (const { name, policies = [], groups = [] } of roles) {
    if (!/^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(name)) {
      throw invalid(
        `the role name ${JSON.stringify(name)} may only hold letters, digits, "-" and "_", and no sign at its ends`,
      )
    }
    refuseTwice(policies, `role ${name}: policy`)
    for (const policy of policies) validatePolicy(policy, project, name)
    refuseTwice(groups, `role ${name}: group`)
    for (const group of groups) validateGroup(group)
  }
}

function validatePolicy(policy: string, project: string, role: string): void {
  const refuse = (why: string) => invalid(`the policy ${JSON.stringify(policy)} cannot be used: ${why}`)
  if (/[\r\n]/.test(policy)) throw refuse('it has several lines')
  const parts = policy.split(',').map((part) => part.trim())
  const [kind, subject, resource = '', action = '', object = '', effect = ''] = parts
  if (parts.length !== 6 || kind !== 'p') throw refuse('it has to read "p, subject, resource, action, object, effect"')
  const own = `proj:${project}:${role}`
  if (subject !== own) throw refuse(`its subject has to be ${own}, not ${subject}`)
  if (!resources.includes(resource)) throw refuse(`its resource has to be one of ${resources.join(', ')}`)
  if (!actions.includes(action) && !actionPattern.test(action)) throw refuse(`its action ${action} does not exist`)
  if (!isOwnObject(object, project)) {
    throw refuse(`its object has to be ${project}/*, ${project}/<application> or ${project}/<namespace>/<application>`)
  }
  if (effect !== 'allow' && effect !== 'deny') throw refuse('its effect has to be allow or deny')
}

function isOwnObject(object: string, project: string): boolean {
  const [first, ...rest] = object.split('/')
  return first === project && rest.length >= 1 && rest.length <= 2 && rest.every((part) => /^[*\w.-]+$/.test(part))
}

/** In quotes a comma is part of the name. */
function validateGroup(group: string): void {
  const refuse = (why: string) => invalid(`the group ${JSON.stringify(group)} ${why}`)
  const quoted = /^\s*"(.*)"\s*$/s.exec(group)?.[1]
  if (quoted === undefined && group.includes(',')) throw refuse('holds a comma: put it in double quotes')
  const name = quoted ?? group.trim()
  if (name === '') throw refuse('is empty')
  if (/["\n\r\t]/.test(name)) throw refuse('holds quotes, tabs or line breaks')
  if (group !== group.trim()) throw refuse('begins or ends with a blank')
}

/** As they are stored: one blank after each comma, so that the same policy is the same text. */
export function normalisePolicies(roles: Role[]): Role[] {
  return roles.map((role) => (role.policies ? { ...role, policies: role.policies.map(normalisePolicy) } : role))
}

function normalisePolicy(policy: string): string {
  const [first = '', ...rest] = policy.split(',')
  return [first, ...rest.map((part) => part.trim())].join(', ')
}

function refuseTwice(texts: string[], what: string): void {
  const twice = texts.find((text, at) => texts.indexOf(text) !== at)
  if (twice !== undefined) throw new ApiError('AlreadyExists', `${what} ${twice} is there twice`)
}

function invalid(message: string): ApiError {
  return new ApiError('InvalidArgument', message)
}

/** Role, ClusterRole, RoleBinding, ClusterRoleBinding. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { child, type Fields, fallback, fallbackText, fields, isFields, list, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { isEmptySelector, validateSelector } from '../label-selector.ts'
import { pathSegment, subdomainName } from '../name-rules.ts'
import { ageColumn, column, nameColumn } from '../table.ts'

const rbacGroup = 'rbac.authorization.k8s.io'

function ruleFaults(rule: Fields, field: string, namespaced: boolean): FieldFault[] {
  const faults: FieldFault[] = []
  const urls = strings(rule.nonResourceURLs)
  const [groups, resources] = [strings(rule.apiGroups), strings(rule.resources)]
  if (strings(rule.verbs).length === 0) faults.push(required(`${field}.verbs`, 'verbs must contain at least one value'))
  if (urls.length > 0) {
    if (namespaced) {
      return [
        ...faults,
        invalidValue(`${field}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs'),
      ]
    }
    if (groups.length > 0 || resources.length > 0 || strings(rule.resourceNames).length > 0) {
      const detail = 'rules cannot apply to both regular resources and non-resource URLs'
      faults.push(invalidValue(`${field}.nonResourceURLs`, urls, detail))
    }
    return faults
  }
  if (groups.length === 0) {
    faults.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'))
  }
  if (resources.length === 0) {
    faults.push(required(`${field}.resources`, 'resource rules must supply at least one resource'))
  }
  return faults
}

function roleFaults(object: KubeObject, namespaced: boolean): FieldFault[] {
  return list(object.rules).flatMap((rule, index) => ruleFaults(rule, `rules[${index}]`, namespaced))
}

/** Rules are always there, if only as null. */
function setRoleDefaults(object: KubeObject): void {
  fallback(object, 'rules', null)
}

/** An empty list is stored as none; whoever sent it owns the field all the same. */
function dropEmptyRules(object: KubeObject): void {
  if (list(object.rules).length === 0) object.rules = null
}

function selectorsFaults(object: KubeObject): FieldFault[] {
  if (!isFields(object.aggregationRule)) return []
  const selectors = list(object.aggregationRule.clusterRoleSelectors)
  const field = 'aggregationRule.clusterRoleSelectors'
  if (selectors.length === 0)
    return [required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
  return selectors.flatMap((selector, index) => [
    ...validateSelector(selector, `${field}[${index}]`),
    ...(isEmptySelector(selector) ? [required(`${field}[${index}]`, 'must have at least one requirement')] : []),
  ])
}

export const role: Kind = {
  nameRule: pathSegment,
  createsOnUpdate: true,
  setDefaults: setRoleDefaults,
  prepareForCreate: dropEmptyRules,
  prepareForUpdate: dropEmptyRules,
  validate: (object) => roleFaults(object, true),
  validateUpdate: (object) => roleFaults(object, true),
}

export const clusterRole: Kind = {
  nameRule: pathSegment,
  createsOnUpdate: true,
  setDefaults: setRoleDefaults,
  prepareForCreate: dropEmptyRules,
  prepareForUpdate: dropEmptyRules,
  validate: (object) => [...roleFaults(object, false), ...selectorsFaults(object)],
  validateUpdate: (object) => [...roleFaults(object, false), ...selectorsFaults(object)],
}

function setBindingDefaults(object: KubeObject): void {
  fallbackText(child(object, 'roleRef'), 'apiGroup', rbacGroup)
  for (const subject of list(object.subjects)) {
    if (subject.kind === 'User' || subject.kind === 'Group') fallbackText(subject, 'apiGroup', rbacGroup)
  }
}

function subjectFaults(subject: Fields, field: string, namespaced: boolean): FieldFault[] {
  const name = text(subject.name)
  const group = text(subject.apiGroup)
  const faults = name === '' ? [required(`${field}.name`)] : []
  switch (text(subject.kind)) {
    case 'ServiceAccount':
      if (name !== '') faults.push(...invalidFor(`${field}.name`, name, subdomainName(name)))
      if (group !== '') faults.push(notSupported(`${field}.apiGroup`, group, ['']))
      if (!namespaced && text(subject.namespace) === '') faults.push(required(`${field}.namespace`))
      return faults
    case 'User':
    case 'Group':
      return group === rbacGroup ? faults : [...faults, notSupported(`${field}.apiGroup`, group, [rbacGroup])]
    default:
      return [...faults, notSupported(`${field}.kind`, text(subject.kind), ['ServiceAccount', 'User', 'Group'])]
  }
}

function bindingFaults(object: KubeObject, namespaced: boolean): FieldFault[] {
  const reference = fields(object.roleRef)
  const faults: FieldFault[] = []
  const kinds = namespaced ? ['ClusterRole', 'Role'] : ['ClusterRole']
  if (text(reference.apiGroup) !== rbacGroup) {
    faults.push(notSupported('roleRef.apiGroup', text(reference.apiGroup), [rbacGroup]))
  }
  if (!kinds.includes(text(reference.kind))) faults.push(notSupported('roleRef.kind', text(reference.kind), kinds))
  const name = text(reference.name)
  if (name === '') faults.push(required('roleRef.name'))
  else faults.push(...invalidFor('roleRef.name', name, pathSegment(name)))
  const subjects = list(object.subjects)
  return [...faults, ...subjects.flatMap((subject, index) => subjectFaults(subject, `subjects[${index}]`, namespaced))]
}

function referenceChange(object: KubeObject, old: KubeObject): FieldFault[] {
  if (deepEqual(object.roleRef, old.roleRef)) return []
  const { apiGroup, kind, name } = fields(object.roleRef)
  const printed = { APIGroup: text(apiGroup), Kind: text(kind), Name: text(name) }
  return [invalidValue('roleRef', printed, 'cannot change roleRef')]
}

function subjectsCell(kind: string) {
  return (object: KubeObject) =>
    list(object.subjects)
      .filter((subject) => subject.kind === kind)
      .map(({ namespace, name }) => (kind === 'ServiceAccount' ? `${text(namespace)}/${text(name)}` : text(name)))
      .join(', ')
}

function bindingOf(namespaced: boolean): Kind {
  return {
    nameRule: pathSegment,
    createsOnUpdate: true,
    setDefaults: setBindingDefaults,
    validate: (object) => bindingFaults(object, namespaced),
    validateUpdate: (object, old) => [...bindingFaults(object, namespaced), ...referenceChange(object, old)],
    columns: [
      nameColumn,
      column('Role', (object) => `${text(fields(object.roleRef).kind)}/${text(fields(object.roleRef).name)}`),
      ageColumn,
      column('Users', subjectsCell('User'), { wide: true }),
      column('Groups', subjectsCell('Group'), { wide: true }),
      column('ServiceAccounts', subjectsCell('ServiceAccount'), { wide: true }),
    ],
  }
}

export const roleBinding = bindingOf(true)
export const clusterRoleBinding = bindingOf(false)

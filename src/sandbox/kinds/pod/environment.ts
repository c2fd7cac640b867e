/** Rules of a container's environment. */
import type { FieldFault } from '../../status.ts'
import { invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { type Fields, fields, isFields, list, text } from '../fields.ts'
import { configKey, environmentName, qualifiedName, subdomainName } from '../name-rules.ts'

const fieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

/** metadata.labels['x'] and metadata.annotations['x'] name one entry of a map. */
function fieldRefFaults(reference: Fields, field: string): FieldFault[] {
  const path = text(reference.fieldPath)
  if (path === '') return [required(`${field}.fieldPath`)]
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (subscript) {
    const key = subscript[2] ?? ''
    return invalidFor(field, key, qualifiedName(subscript[1] === 'annotations' ? key.toLowerCase() : key))
  }
  return fieldPaths.includes(path) ? [] : [notSupported(`${field}.fieldPath`, path, [...fieldPaths].sort())]
}

const containerResource = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/

function resourceRefFaults(reference: Fields, field: string): FieldFault[] {
  const resource = text(reference.resource)
  if (resource === '') return [required(`${field}.resource`)]
  const supported = [
    'limits.cpu',
    'limits.ephemeral-storage',
    'limits.memory',
    'requests.cpu',
    'requests.ephemeral-storage',
    'requests.memory',
  ]
  return containerResource.test(resource) ? [] : [notSupported(`${field}.resource`, resource, supported)]
}

function keyRefFaults(reference: Fields, field: string): FieldFault[] {
  const name = text(reference.name)
  const key = text(reference.key)
  return [
    ...(name === '' ? [] : invalidFor(`${field}.name`, name, subdomainName(name))),
    ...(key === '' ? [required(`${field}.key`)] : invalidFor(`${field}.key`, key, configKey(key))),
  ]
}

const sources: Record<string, (reference: Fields, field: string) => FieldFault[]> = {
  fieldRef: fieldRefFaults,
  resourceFieldRef: resourceRefFaults,
  configMapKeyRef: keyRefFaults,
  secretKeyRef: keyRefFaults,
  fileKeyRef: () => [],
}

function valueFromFaults(variable: Fields, field: string): FieldFault[] {
  if (!isFields(variable.valueFrom)) return []
  const from = variable.valueFrom
  const present = Object.keys(sources).filter((name) => isFields(from[name]))
  const faults = present.flatMap((name) => sources[name]?.(fields(from[name]), `${field}.${name}`) ?? [])
  if (present.length === 0) {
    const detail =
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
    faults.push(invalidValue(field, '', detail))
  } else if (text(variable.value) !== '') {
    faults.push(invalidValue(field, '', 'may not be specified when `value` is not empty'))
  } else if (present.length > 1) {
    faults.push(invalidValue(field, '', 'may not have more than one field specified at a time'))
  }
  return faults
}

export function validateEnvironment(variables: unknown, field: string): FieldFault[] {
  return list(variables).flatMap((variable, index) => {
    const at = `${field}[${index}]`
    const name = text(variable.name)
    const nameFaults = name === '' ? [required(`${at}.name`)] : invalidFor(`${at}.name`, name, environmentName(name))
    return [...nameFaults, ...valueFromFaults(variable, `${at}.valueFrom`)]
  })
}

export function validateEnvironmentFrom(sourcesFrom: unknown, field: string): FieldFault[] {
  return list(sourcesFrom).flatMap((source, index) => {
    const at = `${field}[${index}]`
    const faults: FieldFault[] = []
    const prefix = text(source.prefix)
    if (prefix !== '') faults.push(...invalidFor(`${at}.prefix`, prefix, environmentName(prefix)))
    const present = ['configMapRef', 'secretRef'].filter((name) => isFields(source[name]))
    for (const name of present) {
      const named = text(fields(source[name]).name)
      if (named === '') faults.push(required(`${at}.${name}.name`))
      else faults.push(...invalidFor(`${at}.${name}.name`, named, subdomainName(named)))
    }
    if (present.length === 0) faults.push(invalidValue(field, '', 'must specify one of: `configMapRef` or `secretRef`'))
    if (present.length > 1) faults.push(invalidValue(field, '', 'may not have more than one field specified at a time'))
    return faults
  })
}

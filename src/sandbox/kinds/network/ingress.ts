/** Ingress and IngressClass. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, immutable, invalidFor, invalidValue, notSupported, required, tooLong } from '../fault.ts'
import { type Fields, fields, isAbsent, isFields, list, number, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { dnsLabel1035, dnsSubdomain, portName, portNumber, subdomainName, wildcardSubdomain } from '../name-rules.ts'
import { counted, validating, withStatus } from '../subresource-status.ts'
import { column, columns, orNone, specOf, statusOf } from '../table.ts'

function serviceFaults(service: Fields, field: string): FieldFault[] {
  const name = text(service.name)
  const faults = name === '' ? [required(`${field}.name`)] : invalidFor(`${field}.name`, name, dnsLabel1035(name))
  const port = fields(service.port)
  const value = number(port.number) ?? 0
  const named = text(port.name)
  if (value === 0 && named === '') return [...faults, required(field, 'port name or number is required')]
  if (value !== 0 && named !== '')
    return [...faults, invalidValue(field, '', 'cannot set both port name & port number')]
  if (named !== '') faults.push(...invalidFor(`${field}.port.name`, named, portName(named)))
  if (value !== 0) faults.push(...invalidFor(`${field}.port.number`, value, portNumber(value)))
  return faults
}

function resourceFaults(resource: Fields, field: string): FieldFault[] {
  return ['kind', 'name'].flatMap((name) => (text(resource[name]) === '' ? [required(`${field}.${name}`)] : []))
}

function backendFaults(backend: Fields, field: string): FieldFault[] {
  const { service, resource } = backend
  if (isFields(service) && isFields(resource)) {
    return [invalidValue(field, '', 'cannot set both resource and service backends')]
  }
  if (isFields(resource)) return resourceFaults(resource, `${field}.resource`)
  if (isFields(service)) return serviceFaults(service, `${field}.service`)
  return [invalidValue(field, '', 'resource or service backend is required')]
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']
const badSequences = ['//', '/./', '/../', '%2f', '%2F']

function pathFaults(path: Fields, field: string): FieldFault[] {
  if (isAbsent(path.pathType)) return [required(`${field}.pathType`, 'pathType must be specified')]
  const type = text(path.pathType)
  const value = text(path.path)
  const faults: FieldFault[] = []
  const at = `${field}.path`
  if (!pathTypes.includes(type)) faults.push(notSupported(`${field}.pathType`, type, pathTypes))
  else if (type !== 'ImplementationSpecific' || value !== '') {
    if (!value.startsWith('/')) faults.push(invalidValue(at, value, 'must be an absolute path'))
    if (type !== 'ImplementationSpecific' && value !== '') {
      for (const bad of badSequences)
        if (value.includes(bad)) faults.push(invalidValue(at, value, `must not contain '${bad}'`))
      for (const bad of ['/..', '/.']) {
        if (value.endsWith(bad)) faults.push(invalidValue(at, value, `cannot end with '${bad}'`))
      }
    }
  }
  return [...faults, ...backendFaults(fields(path.backend), `${field}.backend`)]
}

function hostFaults(host: string, field: string): FieldFault[] {
  if (host === '') return []
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return [invalidValue(field, host, 'must be a DNS name, not an IP address')]
  return invalidFor(field, host, host.includes('*') ? wildcardSubdomain(host) : dnsSubdomain(host))
}

function ruleFaults(rule: Fields, field: string): FieldFault[] {
  const faults = hostFaults(text(rule.host), `${field}.host`)
  if (!isFields(rule.http)) return faults
  const paths = list(rule.http.paths)
  if (paths.length === 0) faults.push(required(`${field}.http.paths`))
  return [...faults, ...paths.flatMap((path, index) => pathFaults(path, `${field}.http.paths[${index}]`))]
}

function tlsFaults(spec: Fields): FieldFault[] {
  return list(spec.tls).flatMap((entry, index) =>
    strings(entry.hosts).flatMap((host, hostIndex) => {
      const field = `spec.tls[${index}].hosts[${hostIndex}]`
      return invalidFor(field, host, host.includes('*') ? wildcardSubdomain(host) : dnsSubdomain(host))
    }),
  )
}

const oldClass = 'kubernetes.io/ingress.class'

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const rules = list(spec.rules)
  const faults: FieldFault[] = []
  if (rules.length === 0 && !isFields(spec.defaultBackend)) {
    faults.push(invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified'))
  }
  if (isFields(spec.defaultBackend)) faults.push(...backendFaults(spec.defaultBackend, 'spec.defaultBackend'))
  faults.push(...rules.flatMap((rule, index) => ruleFaults(rule, `spec.rules[${index}]`)), ...tlsFaults(spec))
  const named = spec.ingressClassName
  if (!isAbsent(named)) faults.push(...invalidFor('spec.ingressClassName', named, subdomainName(text(named))))
  return faults
}

/** The old annotation and the field may not both be set on a new Ingress. */
function validateNew(object: KubeObject): FieldFault[] {
  const annotated = object.metadata.annotations?.[oldClass]
  const { ingressClassName } = specOf(object)
  if (annotated === undefined || isAbsent(ingressClassName) || annotated === ingressClassName) return validate(object)
  const field = `metadata.annotations[${oldClass}]`
  return [invalidValue(field, annotated, 'must match `ingressClassName` when both are specified'), ...validate(object)]
}

function hostsCell(object: KubeObject): string {
  const hosts = list(specOf(object).rules)
    .map(({ host }) => text(host))
    .filter((host) => host !== '')
  if (hosts.length === 0) return '*'
  return hosts.length > 3 ? `${hosts.slice(0, 3).join(',')} + ${hosts.length - 3} more...` : hosts.join(',')
}

function addressCell(object: KubeObject): string {
  const given = list(fields(statusOf(object).loadBalancer).ingress)
  return given.map(({ ip, hostname }) => text(ip) || text(hostname)).join(',')
}

export const ingress: Kind = {
  ...withStatus({ initial: () => ({ loadBalancer: {} }) }),
  validate: validateNew,
  validateUpdate: validate,
  warnings: (object, old) =>
    old === undefined && object.metadata.annotations?.[oldClass] !== undefined
      ? ['annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead']
      : [],
  columns: columns(
    column('Class', (object) =>
      orNone(text(specOf(object).ingressClassName) || (object.metadata.annotations?.[oldClass] ?? '')),
    ),
    column('Hosts', hostsCell),
    column('Address', addressCell),
    column('Ports', (object) => (list(specOf(object).tls).length > 0 ? '80, 443' : '80')),
  ),
}

const longestController = 250

function parametersFaults(parameters: unknown): FieldFault[] {
  if (!isFields(parameters)) return []
  const field = 'spec.parameters'
  const faults = ['kind', 'name'].flatMap((name) =>
    text(parameters[name]) === '' ? [required(`${field}.${name}`)] : [],
  )
  const scope = text(parameters.scope)
  if (!['Cluster', 'Namespace'].includes(scope))
    faults.push(notSupported(`${field}.scope`, scope, ['Cluster', 'Namespace']))
  if (scope === 'Namespace' && text(parameters.namespace) === '') {
    faults.push(required(`${field}.namespace`, "`parameters.scope` is set to 'Namespace'"))
  }
  if (scope === 'Cluster' && !isAbsent(parameters.namespace)) {
    faults.push(forbidden(`${field}.namespace`, "`parameters.scope` is set to 'Cluster'"))
  }
  return faults
}

function validateClass(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const controller = text(spec.controller)
  const faults: FieldFault[] = []
  if (controller.length > longestController) faults.push(tooLong('spec.controller', longestController))
  if (controller === '') faults.push(required('spec.controller'))
  else {
    const [domain = '', ...path] = controller.split('/')
    if (path.length === 0 || path.join('/') === '') {
      faults.push(invalidValue('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")'))
    } else faults.push(...invalidFor('spec.controller', domain, dnsSubdomain(domain)))
  }
  return [...faults, ...parametersFaults(spec.parameters)]
}

function parametersCell(object: KubeObject): string {
  const { apiGroup, kind, name } = fields(specOf(object).parameters)
  if (text(kind) === '') return '<none>'
  return `${text(kind)}${text(apiGroup) === '' ? '' : `.${text(apiGroup)}`}/${text(name)}`
}

export const ingressClass: Kind = {
  ...counted,
  ...validating(validateClass, (object, old) =>
    deepEqual(specOf(object).controller, specOf(old).controller)
      ? []
      : [immutable('spec.controller', specOf(object).controller)],
  ),
  setDefaults(object) {
    const { parameters } = fields(object.spec)
    if (isFields(parameters) && isAbsent(parameters.scope)) parameters.scope = 'Cluster'
  },
  columns: columns(
    column('Controller', (object) => text(specOf(object).controller)),
    column('Parameters', parametersCell),
  ),
}

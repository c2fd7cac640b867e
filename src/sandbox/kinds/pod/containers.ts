/** Rules of the containers of a pod. */
import type { FieldFault } from '../../status.ts'
import { duplicate, forbidden, invalidFor, invalidValue, notFound, notSupported, required } from '../fault.ts'
import { type Fields, isAbsent, isFields, list, text } from '../fields.ts'
import { dnsLabel, portName, portNumber } from '../name-rules.ts'
import { validateEnvironment, validateEnvironmentFrom } from './environment.ts'
import { validateLifecycle, validateProbes } from './probe.ts'
import { validateResources } from './resources.ts'
import { validateContainerSecurity } from './security.ts'

function portsFaults(ports: unknown, field: string): FieldFault[] {
  const names = new Set<string>()
  return list(ports).flatMap((port, index) => {
    const at = `${field}[${index}]`
    const faults: FieldFault[] = []
    const name = text(port.name)
    const wrong = name === '' ? [] : invalidFor(`${at}.name`, name, portName(name))
    faults.push(...wrong)
    if (name !== '' && wrong.length === 0) {
      if (names.has(name)) faults.push(duplicate(`${at}.name`, name))
      names.add(name)
    }
    const number = Number(port.containerPort ?? 0)
    if (number === 0) faults.push(required(`${at}.containerPort`))
    else faults.push(...invalidFor(`${at}.containerPort`, number, portNumber(number)))
    const host = Number(port.hostPort ?? 0)
    if (host !== 0) faults.push(...invalidFor(`${at}.hostPort`, host, portNumber(host)))
    if (text(port.protocol) === '') faults.push(required(`${at}.protocol`))
    else if (!['SCTP', 'TCP', 'UDP'].includes(text(port.protocol))) {
      faults.push(notSupported(`${at}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']))
    }
    return faults
  })
}

function relativePathFaults(path: string, field: string): FieldFault[] {
  if (path.startsWith('/')) return [invalidValue(field, path, 'must be a relative path')]
  return path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : []
}

function mountsFaults(container: Fields, volumes: Set<string>, field: string): FieldFault[] {
  const paths = new Set<string>()
  const devices = new Set(list(container.volumeDevices).map(({ name }) => text(name)))
  return list(container.volumeMounts).flatMap((mount, index) => {
    const at = `${field}[${index}]`
    const faults: FieldFault[] = []
    const name = text(mount.name)
    const path = text(mount.mountPath)
    if (name === '') faults.push(required(`${at}.name`))
    if (!volumes.has(name)) faults.push(notFound(`${at}.name`, name))
    if (path === '') faults.push(required(`${at}.mountPath`))
    if (paths.has(path)) faults.push(invalidValue(`${at}.mountPath`, path, 'must be unique'))
    paths.add(path)
    if (devices.has(name)) faults.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeDevices'))
    const { subPath, subPathExpr } = mount
    if (text(subPath) !== '') faults.push(...relativePathFaults(text(subPath), `${field}.subPath`))
    if (text(subPathExpr) !== '') {
      if (text(subPath) !== '') {
        faults.push(invalidValue(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
      }
      faults.push(...relativePathFaults(text(subPathExpr), `${field}.subPathExpr`))
    }
    return faults
  })
}

function devicesFaults(container: Fields, volumes: Set<string>, field: string): FieldFault[] {
  return list(container.volumeDevices).flatMap((device, index) => {
    const at = `${field}[${index}]`
    const name = text(device.name)
    const faults: FieldFault[] = []
    if (name === '') faults.push(required(`${at}.name`))
    if (!volumes.has(name)) faults.push(notFound(`${at}.name`, name))
    if (text(device.devicePath) === '') faults.push(required(`${at}.devicePath`))
    return faults
  })
}

const pullPolicies = ['Always', 'IfNotPresent', 'Never']
const messagePolicies = ['FallbackToLogsOnError', 'File']

/** What containers of every sort have in common. */
function bodyFaults(container: Fields, volumes: Set<string>, field: string): FieldFault[] {
  const name = text(container.name)
  const faults = name === '' ? [required(`${field}.name`)] : invalidFor(`${field}.name`, name, dnsLabel(name))
  if (text(container.image) === '') faults.push(required(`${field}.image`))
  if (!messagePolicies.includes(text(container.terminationMessagePolicy))) {
    faults.push(
      notSupported(`${field}.terminationMessagePolicy`, text(container.terminationMessagePolicy), messagePolicies),
    )
  }
  faults.push(
    ...portsFaults(container.ports, `${field}.ports`),
    ...validateEnvironment(container.env, `${field}.env`),
    ...validateEnvironmentFrom(container.envFrom, `${field}.envFrom`),
    ...mountsFaults(container, volumes, `${field}.volumeMounts`),
    ...devicesFaults(container, volumes, `${field}.volumeDevices`),
  )
  if (!pullPolicies.includes(text(container.imagePullPolicy))) {
    faults.push(notSupported(`${field}.imagePullPolicy`, text(container.imagePullPolicy), pullPolicies))
  }
  return [
    ...faults,
    ...validateResources(container.resources, `${field}.resources`),
    ...validateContainerSecurity(container.securityContext, `${field}.securityContext`),
  ]
}

/** The ports of all containers together: one port of the host for one of them. */
function hostPortFaults(containers: Fields[], field: string): FieldFault[] {
  const taken = new Set<string>()
  return containers.flatMap((container, index) =>
    list(container.ports).flatMap((port, portIndex) => {
      if (isAbsent(port.hostPort) || port.hostPort === 0) return []
      const key = `${text(port.protocol)}/${text(port.hostIP)}/${port.hostPort}`
      if (taken.has(key)) return [duplicate(`${field}[${index}].ports[${portIndex}].hostPort`, key)]
      taken.add(key)
      return []
    }),
  )
}

export function validateContainers(containers: Fields[], volumes: Set<string>, field: string): FieldFault[] {
  if (containers.length === 0) return [required(field)]
  const names = new Set<string>()
  const faults = containers.flatMap((container, index) => {
    const at = `${field}[${index}]`
    const found = bodyFaults(container, volumes, at)
    const name = text(container.name)
    if (names.has(name)) found.push(duplicate(`${at}.name`, name))
    names.add(name)
    return [...found, ...validateLifecycle(container.lifecycle, `${at}.lifecycle`), ...validateProbes(container, at)]
  })
  return [...faults, ...hostPortFaults(containers, field)]
}

/** An init container that restarts always is a sidecar, which alone may have probes and hooks. */
export function validateInitContainers(spec: Fields, volumes: Set<string>, field: string): FieldFault[] {
  const names = new Set(list(spec.containers).map(({ name }) => text(name)))
  return list(spec.initContainers).flatMap((container, index) => {
    const at = `${field}[${index}]`
    const faults = bodyFaults(container, volumes, at)
    const name = text(container.name)
    if (name !== '' && names.has(name)) faults.push(duplicate(`${at}.name`, name))
    names.add(name)
    if (container.restartPolicy === 'Always') {
      return [...faults, ...validateLifecycle(container.lifecycle, `${at}.lifecycle`), ...validateProbes(container, at)]
    }
    for (const extra of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
      if (isFields(container[extra])) {
        faults.push(forbidden(`${at}.${extra}`, 'may not be set for init containers without restartPolicy=Always'))
      }
    }
    return faults
  })
}

/** Pods, but not templates, refuse blanks around an image. */
export function imageBlankFaults(spec: Fields): FieldFault[] {
  return ['initContainers', 'containers'].flatMap((kind) =>
    list(spec[kind]).flatMap((container, index) => {
      const image = text(container.image)
      const field = `spec.${kind}[${index}].image`
      return image === image.trim() ? [] : [invalidValue(field, image, 'must not have leading or trailing whitespace')]
    }),
  )
}

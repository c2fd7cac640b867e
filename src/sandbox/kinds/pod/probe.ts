/** Rules of probes and lifecycle hooks, which share their handlers. */
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidFor, invalidValue, nonNegative, notSupported, required } from '../fault.ts'
import { type Fields, fields, isAbsent, isFields, list, strings, text } from '../fields.ts'
import { portName, portNumber } from '../name-rules.ts'

/** A number of a port or the name of one. */
export function portFaults(port: unknown, field: string): FieldFault[] {
  if (typeof port === 'string') return invalidFor(field, port, portName(port))
  const value = typeof port === 'number' ? port : 0
  return invalidFor(field, value, portNumber(value))
}

function httpGetFaults(action: Fields, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  if (text(action.path) === '') faults.push(required(`${field}.path`))
  faults.push(...portFaults(action.port, `${field}.port`))
  if (!['HTTP', 'HTTPS'].includes(text(action.scheme))) {
    faults.push(notSupported(`${field}.scheme`, text(action.scheme), ['HTTP', 'HTTPS']))
  }
  for (const header of list(action.httpHeaders)) {
    const name = text(header.name)
    if (!/^[-A-Za-z0-9]+$/.test(name)) {
      const detail =
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"
      faults.push(invalidValue(`${field}.httpHeaders`, name, detail))
    }
  }
  return faults
}

const handlers: Record<string, (action: Fields, field: string) => FieldFault[]> = {
  exec: (action, field) => (strings(action.command).length === 0 ? [required(`${field}.command`)] : []),
  httpGet: httpGetFaults,
  tcpSocket: (action, field) => portFaults(action.port, `${field}.port`),
  grpc: (action, field) => portFaults(action.port, `${field}.port`),
  sleep: (action, field) =>
    typeof action.seconds === 'number' && action.seconds < 0
      ? [invalidValue(field, action.seconds, 'must be non-negative and less than terminationGracePeriodSeconds')]
      : [],
}

function handlerFaults(handler: Fields, field: string): FieldFault[] {
  const present = Object.keys(handlers).filter((name) => isFields(handler[name]))
  if (present.length === 0) return [required(field, 'must specify a handler type')]
  return present.flatMap((name, index) =>
    index > 0
      ? [forbidden(`${field}.${name}`, 'may not specify more than 1 handler type')]
      : (handlers[name]?.(fields(handler[name]), `${field}.${name}`) ?? []),
  )
}

const numbers = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']

function probeFaults(probe: Fields, field: string): FieldFault[] {
  const faults = [
    ...handlerFaults(probe, field),
    ...numbers.flatMap((name) => nonNegative(`${field}.${name}`, probe[name])),
  ]
  const grace = probe.terminationGracePeriodSeconds
  if (typeof grace === 'number' && grace <= 0) {
    faults.push(invalidValue(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
  }
  return faults
}

export function validateProbes(container: Fields, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name]
    if (!isFields(probe)) continue
    faults.push(...probeFaults(probe, `${field}.${name}`))
    if (name !== 'readinessProbe' && !isAbsent(probe.successThreshold) && probe.successThreshold !== 1) {
      faults.push(invalidValue(`${field}.${name}.successThreshold`, probe.successThreshold, 'must be 1'))
    }
    if (name === 'readinessProbe' && !isAbsent(probe.terminationGracePeriodSeconds)) {
      const detail = 'must not be set for readinessProbes'
      faults.push(
        invalidValue(`${field}.${name}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds, detail),
      )
    }
  }
  return faults
}

export function validateLifecycle(lifecycle: unknown, field: string): FieldFault[] {
  return ['postStart', 'preStop'].flatMap((name) => {
    const handler = fields(lifecycle)[name]
    return isFields(handler) ? handlerFaults(handler, `${field}.${name}`) : []
  })
}

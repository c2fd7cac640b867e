/** What the server fills into a pod spec, alone or in a template. */
import { child, type Fields, fallback, fallbackText, fields, isAbsent, isFields, list, text } from '../fields.ts'
import { requestLimits, settleResources } from '../resource-list.ts'
import { pullPolicy } from './image.ts'
import { defaultVolume } from './volume-defaults.ts'

function defaultHttpGet(handler: unknown): void {
  if (!isFields(handler)) return
  if (isFields(handler.httpGet)) {
    fallbackText(handler.httpGet, 'path', '/')
    fallbackText(handler.httpGet, 'scheme', 'HTTP')
  }
  if (isFields(handler.grpc)) fallback(handler.grpc, 'service', '')
}

const probeNumbers = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }

function defaultProbe(probe: unknown): void {
  if (!isFields(probe)) return
  for (const [name, value] of Object.entries(probeNumbers)) {
    if (isAbsent(probe[name]) || probe[name] === 0) probe[name] = value
  }
  defaultHttpGet(probe)
}

function defaultEnvironment(container: Fields): void {
  for (const variable of list(container.env)) {
    const from = fields(variable.valueFrom)
    if (isFields(from.fieldRef)) fallbackText(from.fieldRef, 'apiVersion', 'v1')
    if (isFields(from.resourceFieldRef)) fallback(from.resourceFieldRef, 'divisor', '0')
    if (isFields(from.fileKeyRef)) fallback(from.fileKeyRef, 'optional', false)
  }
}

function defaultContainer(container: Fields): void {
  fallbackText(container, 'terminationMessagePath', '/dev/termination-log')
  fallbackText(container, 'terminationMessagePolicy', 'File')
  fallbackText(container, 'imagePullPolicy', pullPolicy(text(container.image)))
  settleResources(child(container, 'resources'), 'limits', 'requests')
  for (const port of list(container.ports)) fallbackText(port, 'protocol', 'TCP')
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(container[name])
  const lifecycle = fields(container.lifecycle)
  defaultHttpGet(lifecycle.postStart)
  defaultHttpGet(lifecycle.preStop)
  defaultEnvironment(container)
}

export function containersOf(spec: Fields): Fields[] {
  return [...list(spec.initContainers), ...list(spec.containers)]
}

/** On the host's network a container's ports are the host's. */
function defaultHostPorts(spec: Fields): void {
  for (const port of containersOf(spec).flatMap((container) => list(container.ports))) {
    if (isAbsent(port.hostPort) || port.hostPort === 0) port.hostPort = port.containerPort
  }
}

/** serviceAccount is the old name of serviceAccountName; both are kept the same. */
function mirrorServiceAccount(spec: Fields): void {
  const name = text(spec.serviceAccountName) || text(spec.serviceAccount)
  if (name === '') return
  spec.serviceAccountName = name
  spec.serviceAccount = name
}

/** A pod spec as it stands in a template. */
export function defaultPodSpec(spec: Fields): void {
  fallbackText(spec, 'restartPolicy', 'Always')
  fallbackText(spec, 'dnsPolicy', 'ClusterFirst')
  fallbackText(spec, 'schedulerName', 'default-scheduler')
  fallback(spec, 'terminationGracePeriodSeconds', 30)
  fallback(spec, 'securityContext', {})
  mirrorServiceAccount(spec)
  for (const container of [...containersOf(spec), ...list(spec.ephemeralContainers)]) defaultContainer(container)
  for (const volume of list(spec.volumes)) defaultVolume(volume)
  if (spec.hostNetwork === true) defaultHostPorts(spec)
  settleResources(spec, 'overhead')
  if (isFields(spec.resources)) settleResources(spec.resources, 'limits', 'requests')
}

/** A pod of its own is given a little more than a template. */
export function defaultPod(spec: Fields): void {
  defaultPodSpec(spec)
  fallback(spec, 'enableServiceLinks', true)
  for (const container of containersOf(spec)) requestLimits(child(container, 'resources'))
}

/** `{ metadata, spec }` under `template`, made where it is missing. */
export function defaultTemplate(parent: Fields): Fields {
  const template = child(parent, 'template')
  child(template, 'metadata')
  defaultPodSpec(child(template, 'spec'))
  return template
}

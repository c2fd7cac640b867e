/** Node. */
import type { KubeObject } from '../../object.ts'
import { child, fallback, fields, isFields, list, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { settleResources } from '../resource-list.ts'
import { withStatus } from '../subresource-status.ts'
import { column, columns, orNone, specOf, statusOf } from '../table.ts'

const infoNames = [
  'machineID',
  'systemUUID',
  'bootID',
  'kernelVersion',
  'osImage',
  'containerRuntimeVersion',
  'kubeletVersion',
  'kubeProxyVersion',
  'operatingSystem',
  'architecture',
]

function setDefaults(object: KubeObject): void {
  child(object, 'spec')
  const status = child(object, 'status')
  settleResources(status, 'capacity', 'allocatable')
  const info = child(status, 'nodeInfo')
  for (const name of infoNames) fallback(info, name, '')
  fallback(child(child(status, 'daemonEndpoints'), 'kubeletEndpoint'), 'Port', 0)
  if (isFields(status.capacity) && !isFields(status.allocatable)) status.allocatable = structuredClone(status.capacity)
}

function statusCell(object: KubeObject): string {
  const ready = list(statusOf(object).conditions).find(({ type }) => type === 'Ready')
  const told = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return specOf(object).unschedulable === true ? `${told},SchedulingDisabled` : told
}

const rolePrefix = 'node-role.kubernetes.io/'

function rolesCell(object: KubeObject): string {
  const labels = object.metadata.labels ?? {}
  const roles = Object.keys(labels)
    .filter((key) => key.startsWith(rolePrefix) && key.length > rolePrefix.length)
    .map((key) => key.slice(rolePrefix.length))
  const old = labels['kubernetes.io/role']
  if (old !== undefined && old !== '') roles.push(old)
  return orNone(roles.sort().join(','))
}

function addressCell(type: string) {
  return (object: KubeObject) =>
    orNone(text(list(statusOf(object).addresses).find((address) => address.type === type)?.address))
}

function infoCell(name: string) {
  return (object: KubeObject) => text(fields(statusOf(object).nodeInfo)[name]) || '<unknown>'
}

const shared = withStatus({ uncounted: true })

export const node: Kind = {
  prepareForUpdate: shared.prepareForUpdate,
  prepareForStatusUpdate: shared.prepareForStatusUpdate,
  setDefaults,
  selectableFields: (object) => ({
    'spec.unschedulable': String(specOf(object).unschedulable ?? false),
    name: object.metadata.name ?? '',
  }),
  columns: columns(
    column('Status', statusCell),
    column('Roles', rolesCell),
    column('Version', (object) => text(fields(statusOf(object).nodeInfo).kubeletVersion)),
    column('Internal-IP', addressCell('InternalIP'), { wide: true }),
    column('External-IP', addressCell('ExternalIP'), { wide: true }),
    column('OS-Image', infoCell('osImage'), { wide: true }),
    column('Kernel-Version', infoCell('kernelVersion'), { wide: true }),
    column('Container-Runtime', infoCell('containerRuntimeVersion'), { wide: true }),
  ).toSorted(bySpot),
}

/** Version stands behind the age here. */
function bySpot(a: { name: string; priority: number }, b: { name: string; priority: number }): number {
  const spot = ({ name, priority }: { name: string; priority: number }) => priority * 10 + (name === 'Version' ? 5 : 0)
  return spot(a) - spot(b)
}

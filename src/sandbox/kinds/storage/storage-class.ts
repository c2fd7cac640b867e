/** StorageClass and the kinds around CSI drivers. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, immutable, invalidFor, notSupported, required } from '../fault.ts'
import { child, fallback, fields, isAbsent, list, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { qualifiedName, subdomainName } from '../name-rules.ts'
import { canonicalQuantity } from '../quantity.ts'
import { counted, validating, withStatus } from '../subresource-status.ts'
import { ageColumn, column, columns, nameColumn, orNone, specOf, statusOf } from '../table.ts'

const isDefault = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

export function isDefaultClass(object: KubeObject): boolean {
  return isDefault.some((name) => object.metadata.annotations?.[name] === 'true')
}

const policies = ['Delete', 'Retain']
const bindingModes = ['Immediate', 'WaitForFirstConsumer']

function validate(object: KubeObject): FieldFault[] {
  const provisioner = text(object.provisioner)
  const faults =
    provisioner === ''
      ? [required('provisioner')]
      : invalidFor('provisioner', provisioner, qualifiedName(provisioner.toLowerCase()))
  for (const key of Object.keys(fields(object.parameters))) {
    if (key === '') faults.push(required('parameters', 'parameter key can not be empty'))
  }
  if (!policies.includes(text(object.reclaimPolicy))) {
    faults.push(notSupported('reclaimPolicy', text(object.reclaimPolicy), policies))
  }
  if (!bindingModes.includes(text(object.volumeBindingMode))) {
    faults.push(notSupported('volumeBindingMode', text(object.volumeBindingMode), bindingModes))
  }
  return faults
}

function changeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  const faults: FieldFault[] = []
  if (!deepEqual(fields(object.parameters), fields(old.parameters))) {
    faults.push(forbidden('parameters', 'updates to parameters are forbidden.'))
  }
  for (const name of ['provisioner', 'reclaimPolicy', 'volumeBindingMode']) {
    if (object[name] !== old[name]) faults.push(immutable(name, object[name] ?? null))
  }
  return faults
}

export const storageClass: Kind = {
  ...validating(validate, changeFaults),
  setDefaults(object) {
    fallback(object, 'reclaimPolicy', 'Delete')
    fallback(object, 'volumeBindingMode', 'Immediate')
  },
  columns: [
    {
      ...nameColumn,
      cell: (object) => `${object.metadata.name ?? ''}${isDefaultClass(object) ? ' (default)' : ''}`,
    },
    column('Provisioner', (object) => text(object.provisioner)),
    column('ReclaimPolicy', (object) => text(object.reclaimPolicy)),
    column('VolumeBindingMode', (object) => text(object.volumeBindingMode)),
    column('AllowVolumeExpansion', (object) => object.allowVolumeExpansion === true),
    ageColumn,
  ],
}

const driverDefaults = {
  attachRequired: true,
  podInfoOnMount: false,
  storageCapacity: false,
  fsGroupPolicy: 'ReadWriteOnceWithFSType',
  requiresRepublish: false,
  seLinuxMount: false,
}

export const csiDriver: Kind = {
  ...counted,
  needsResourceVersion: true,
  setDefaults(object) {
    const spec = child(object, 'spec')
    for (const [name, value] of Object.entries(driverDefaults)) fallback(spec, name, value)
    if (list(spec.volumeLifecycleModes).length === 0) spec.volumeLifecycleModes = ['Persistent']
  },
  columns: columns(
    column('AttachRequired', (object) => specOf(object).attachRequired !== false, { type: 'boolean' }),
    column('PodInfoOnMount', (object) => specOf(object).podInfoOnMount === true, { type: 'boolean' }),
    column('StorageCapacity', (object) => specOf(object).storageCapacity === true, { type: 'boolean' }),
    column('TokenRequests', (object) =>
      orNone(
        list(specOf(object).tokenRequests)
          .map(({ audience }) => text(audience))
          .join(','),
      ),
    ),
    column('RequiresRepublish', (object) => specOf(object).requiresRepublish === true, { type: 'boolean' }),
    column('Modes', (object) => (specOf(object).volumeLifecycleModes as string[] | undefined)?.join(',') ?? '<none>'),
  ),
}

export const csiNode: Kind = {
  columns: columns(column('Drivers', (object) => list(specOf(object).drivers).length, { type: 'integer' })),
}

export const csiStorageCapacity: Kind = {
  setDefaults(object) {
    const amount = object.capacity
    if (typeof amount === 'string') object.capacity = canonicalQuantity(amount)
  },
  columns: columns(
    column('StorageClassName', (object) => text(object.storageClassName)),
    column('Capacity', (object) => (isAbsent(object.capacity) ? '<unset>' : String(object.capacity))),
  ),
}

export const volumeAttachment: Kind = {
  ...withStatus({ initial: () => ({ attached: false }), uncounted: true }),
  needsResourceVersion: true,
  validate(object) {
    const spec = specOf(object)
    return ['attacher', 'nodeName'].flatMap((name) => (text(spec[name]) === '' ? [required(`spec.${name}`)] : []))
  },
  columns: columns(
    column('Attacher', (object) => text(specOf(object).attacher)),
    column('PV', (object) => text(fields(specOf(object).source).persistentVolumeName)),
    column('Node', (object) => text(specOf(object).nodeName)),
    column('Attached', (object) => statusOf(object).attached === true, { type: 'boolean' }),
  ),
}

export const volumeAttributesClass: Kind = {
  validate(object) {
    const driver = text(object.driverName)
    return driver === '' ? [required('driverName')] : invalidFor('driverName', driver, subdomainName(driver))
  },
  columns: columns(column('DriverName', (object) => text(object.driverName))),
}

/** PersistentVolume. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, immutable, invalidFor, notSupported, required } from '../fault.ts'
import { child, type Fields, fallbackText, fields, isAbsent, isFields, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { subdomainName } from '../name-rules.ts'
import { validateNodeTerms } from '../pod/placement.ts'
import { defaultVolumeSource } from '../pod/volume-defaults.ts'
import { amountsOf, settleResources } from '../resource-list.ts'
import { withStatus } from '../subresource-status.ts'
import { column, columns, orUnset, specOf, statusOf } from '../table.ts'
import { accessModeFaults, accessModesCell, protect, storageFaults } from './claim.ts'

const sources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
]

const policies = ['Delete', 'Recycle', 'Retain']

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  fallbackText(spec, 'persistentVolumeReclaimPolicy', 'Retain')
  fallbackText(spec, 'volumeMode', 'Filesystem')
  settleResources(spec, 'capacity')
  defaultVolumeSource(spec)
  if (isFields(object.status)) fallbackText(object.status, 'phase', 'Pending')
}

function sourceFaults(spec: Fields): FieldFault[] {
  const present = sources.filter((name) => isFields(spec[name]))
  if (present.length === 0) return [required('spec', 'must specify a volume type')]
  return present.slice(1).map((name) => forbidden(`spec.${name}`, 'may not specify more than 1 volume type'))
}

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults: FieldFault[] = []
  if (strings(spec.accessModes).length === 0) faults.push(required('spec.accessModes'))
  faults.push(...accessModeFaults(spec.accessModes, 'spec.accessModes'))
  const capacity = amountsOf(spec.capacity)
  if (Object.keys(capacity).length === 0) faults.push(required('spec.capacity'))
  else if (capacity.storage === undefined || Object.keys(capacity).length > 1) {
    faults.push(notSupported('spec.capacity', capacity, ['storage']))
  } else faults.push(...storageFaults(capacity.storage, 'spec.capacity[storage]'))
  if (!policies.includes(text(spec.persistentVolumeReclaimPolicy))) {
    faults.push(notSupported('spec.persistentVolumeReclaimPolicy', text(spec.persistentVolumeReclaimPolicy), policies))
  }
  const affinity = fields(spec.nodeAffinity).required
  if (isFields(affinity)) faults.push(...validateNodeTerms(affinity, 'spec.nodeAffinity.required'))
  faults.push(...sourceFaults(spec))
  if (isFields(spec.local) && isAbsent(affinity)) {
    faults.push(required('spec.nodeAffinity', 'Local volume requires node affinity'))
  }
  const named = text(spec.storageClassName)
  if (named !== '') faults.push(...invalidFor('spec.storageClassName', named, subdomainName(named)))
  return faults
}

function changeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  const [spec, before] = [specOf(object), specOf(old)]
  const faults: FieldFault[] = []
  if (sources.some((name) => !deepEqual(spec[name], before[name]))) {
    faults.push(forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'))
  }
  if (!deepEqual(spec.volumeMode, before.volumeMode)) faults.push(immutable('spec.volumeMode', spec.volumeMode))
  return faults
}

const shared = withStatus({
  initial: (object) => ({ phase: 'Pending', lastPhaseTransitionTime: object.metadata.creationTimestamp ?? null }),
  uncounted: true,
})

function claimCell(object: KubeObject): string {
  const { namespace, name } = fields(specOf(object).claimRef)
  return text(name) === '' ? '' : `${text(namespace)}/${text(name)}`
}

export const persistentVolume: Kind = {
  ...shared,
  setDefaults,
  validate,
  validateUpdate: (object, old) => [...validate(object), ...changeFaults(object, old)],
  prepareForCreate(object) {
    shared.prepareForCreate?.(object)
    protect(object, 'kubernetes.io/pv-protection')
  },
  selectableFields: (object) => ({ name: object.metadata.name ?? '' }),
  columns: columns(
    column('Capacity', (object) => amountsOf(specOf(object).capacity).storage ?? ''),
    column('Access Modes', (object) => accessModesCell(specOf(object).accessModes)),
    column('Reclaim Policy', (object) => text(specOf(object).persistentVolumeReclaimPolicy)),
    column('Status', (object) =>
      object.metadata.deletionTimestamp === undefined ? text(statusOf(object).phase) : 'Terminating',
    ),
    column('Claim', claimCell),
    column('StorageClass', (object) => text(specOf(object).storageClassName)),
    column('VolumeAttributesClass', (object) => orUnset(text(specOf(object).volumeAttributesClassName))),
    column('Reason', (object) => text(statusOf(object).reason)),
    column('VolumeMode', (object) => orUnset(text(specOf(object).volumeMode)), { wide: true }),
  ),
}

/** PersistentVolumeClaim. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { child, type Fields, fallbackText, fields, isAbsent, isFields, strings, text } from '../fields.ts'
import { goJson } from '../go-value.ts'
import type { Kind } from '../kind.ts'
import { validateSelector } from '../label-selector.ts'
import { subdomainName } from '../name-rules.ts'
import { compareQuantities, parseQuantity } from '../quantity.ts'
import { amountsOf, settleResources } from '../resource-list.ts'
import { withStatus } from '../subresource-status.ts'
import { column, columns, orUnset, specOf, statusOf } from '../table.ts'
import { unifiedDiff } from '../unified-diff.ts'

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const shortModes: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

export function accessModesCell(accessModes: unknown): string {
  const given = strings(accessModes)
  return Object.keys(shortModes)
    .filter((mode) => given.includes(mode))
    .map((mode) => shortModes[mode])
    .join(',')
}

export function accessModeFaults(accessModes: unknown, field: string): FieldFault[] {
  const given = strings(accessModes)
  const faults = given.filter((mode) => !modes.includes(mode)).map((mode) => notSupported(field, mode, modes))
  if (given.includes('ReadWriteOncePod') && given.length > 1) {
    faults.push(forbidden(field, 'may not use ReadWriteOncePod with other access modes'))
  }
  return faults
}

export function defaultClaimSpec(spec: Fields): void {
  fallbackText(spec, 'volumeMode', 'Filesystem')
  settleResources(child(spec, 'resources'), 'limits', 'requests')
  if (isFields(spec.dataSource) && isAbsent(spec.dataSourceRef)) spec.dataSourceRef = structuredClone(spec.dataSource)
  else if (isFields(spec.dataSourceRef) && isAbsent(spec.dataSource) && isAbsent(spec.dataSourceRef.namespace)) {
    spec.dataSource = structuredClone(spec.dataSourceRef)
  }
}

export function storageFaults(amount: string | undefined, field: string): FieldFault[] {
  if (amount === undefined) return [required(field)]
  return compareQuantities(parseQuantity(amount), parseQuantity('0')) > 0
    ? []
    : [invalidValue(field, amount, 'must be greater than zero')]
}

export function claimSpecFaults(spec: Fields, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  if (strings(spec.accessModes).length === 0) {
    faults.push(required(`${field}.accessModes`, 'at least 1 access mode is required'))
  }
  faults.push(
    ...validateSelector(spec.selector, `${field}.selector`),
    ...accessModeFaults(spec.accessModes, `${field}.accessModes`),
  )
  const { storage } = amountsOf(fields(spec.resources).requests)
  faults.push(...storageFaults(storage, `${field}.resources[storage]`))
  const named = text(spec.storageClassName)
  if (named !== '') faults.push(...invalidFor(`${field}.storageClassName`, named, subdomainName(named)))
  if (!isAbsent(spec.volumeMode) && !['Block', 'Filesystem'].includes(text(spec.volumeMode))) {
    faults.push(notSupported(`${field}.volumeMode`, spec.volumeMode, ['Block', 'Filesystem']))
  }
  return faults
}

/** The spec as Go prints its own type. */
function goSpec(spec: Fields): Fields {
  const amounts = (name: string) => {
    const all = Object.entries(amountsOf(fields(spec.resources)[name])).sort(([a], [b]) => (a < b ? -1 : 1))
    return all.length === 0 ? null : Object.fromEntries(all)
  }
  return {
    AccessModes: spec.accessModes ?? null,
    Selector: spec.selector ?? null,
    Resources: { Limits: amounts('limits'), Requests: amounts('requests') },
    VolumeName: text(spec.volumeName),
    StorageClassName: spec.storageClassName ?? null,
    VolumeMode: spec.volumeMode ?? null,
    DataSource: spec.dataSource ?? null,
    DataSourceRef: spec.dataSourceRef ?? null,
    VolumeAttributesClassName: spec.volumeAttributesClassName ?? null,
  }
}

const mayChange =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

function changeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  const [spec, before] = [specOf(object), structuredClone(specOf(old))]
  const bound = statusOf(old).phase === 'Bound'
  const held = structuredClone(spec)
  // The controller that binds fills these in once.
  for (const name of ['volumeName', 'storageClassName']) {
    if (text(before[name]) === '' && text(held[name]) !== '' && (name === 'volumeName' || !bound))
      before[name] = held[name]
  }
  if (bound) {
    child(held, 'resources').requests = fields(before.resources).requests
    if (!isAbsent(held.volumeAttributesClassName)) before.volumeAttributesClassName = held.volumeAttributesClassName
  }
  if (!deepEqual(held, before)) {
    return [forbidden('spec', `${mayChange}\n${unifiedDiff(goJson(goSpec(before), 1), goJson(goSpec(held), 1))}`)]
  }
  const [now, then] = [
    amountsOf(fields(spec.resources).requests).storage,
    amountsOf(fields(specOf(old).resources).requests).storage,
  ]
  const shrinks =
    now !== undefined && then !== undefined && compareQuantities(parseQuantity(now), parseQuantity(then)) < 0
  return shrinks ? [forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')] : []
}

const shared = withStatus({ initial: () => ({ phase: 'Pending' }), uncounted: true })

/** A claim in use is not removed: whoever protects it takes this finalizer away. */
export function protect(object: KubeObject, finalizer: string): void {
  const present = object.metadata.finalizers ?? []
  if (!present.includes(finalizer)) object.metadata.finalizers = [...present, finalizer]
}

function statusCell(object: KubeObject): string {
  return object.metadata.deletionTimestamp === undefined ? text(statusOf(object).phase) : 'Terminating'
}

function whenBound(object: KubeObject, told: string): string {
  return text(specOf(object).volumeName) === '' ? '' : told
}

export const persistentVolumeClaim: Kind = {
  ...shared,
  setDefaults(object) {
    const spec = child(object, 'spec')
    defaultClaimSpec(spec)
    if (isFields(object.status)) {
      fallbackText(object.status, 'phase', 'Pending')
      settleResources(object.status, 'capacity', 'allocatedResources')
    }
  },
  prepareForCreate(object) {
    shared.prepareForCreate?.(object)
    protect(object, 'kubernetes.io/pvc-protection')
  },
  validate: (object) => claimSpecFaults(specOf(object), 'spec'),
  validateUpdate: (object, old) => [...claimSpecFaults(specOf(object), 'spec'), ...changeFaults(object, old)],
  columns: columns(
    column('Status', statusCell),
    column('Volume', (object) => text(specOf(object).volumeName)),
    column('Capacity', (object) => whenBound(object, amountsOf(statusOf(object).capacity).storage ?? '')),
    column('Access Modes', (object) => whenBound(object, accessModesCell(statusOf(object).accessModes))),
    column('StorageClass', (object) => text(specOf(object).storageClassName)),
    column('VolumeAttributesClass', (object) => orUnset(text(specOf(object).volumeAttributesClassName))),
    column('VolumeMode', (object) => orUnset(text(specOf(object).volumeMode)), { wide: true }),
  ),
}

/** What the server fills into a volume, of a pod or a PersistentVolume. */
import { type Fields, fallback, fallbackText, fields, isAbsent, isFields, list, text } from '../fields.ts'
import { pullPolicy } from './image.ts'

/** By source: the field and its value. */
const sourceDefaults: Record<string, Fields> = {
  secret: { defaultMode: 420 },
  configMap: { defaultMode: 420 },
  downwardAPI: { defaultMode: 420 },
  projected: { defaultMode: 420 },
  hostPath: { type: '' },
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
  azureDisk: { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false },
}

export function defaultVolumeSource(source: Fields): void {
  for (const [name, values] of Object.entries(sourceDefaults)) {
    const chosen = source[name]
    if (!isFields(chosen)) continue
    for (const [field, value] of Object.entries(values)) fallback(chosen, field, value)
  }
}

function defaultItems(source: unknown): void {
  for (const item of list(fields(source).items)) {
    if (isFields(item.fieldRef)) fallbackText(item.fieldRef, 'apiVersion', 'v1')
    if (isFields(item.resourceFieldRef)) fallback(item.resourceFieldRef, 'divisor', '0')
  }
}

export function sourcesOf(volume: Fields): string[] {
  return Object.keys(volume).filter((name) => name !== 'name' && !isAbsent(volume[name]))
}

export function defaultVolume(volume: Fields): void {
  if (sourcesOf(volume).length === 0) volume.emptyDir = {}
  defaultVolumeSource(volume)
  defaultItems(volume.downwardAPI)
  for (const source of list(fields(volume.projected).sources)) {
    if (isFields(source.serviceAccountToken)) fallback(source.serviceAccountToken, 'expirationSeconds', 3600)
    defaultItems(source.downwardAPI)
  }
  const claim = fields(fields(volume.ephemeral).volumeClaimTemplate)
  if (isFields(claim.spec)) fallback(claim.spec, 'volumeMode', 'Filesystem')
  if (isFields(volume.image)) fallbackText(volume.image, 'pullPolicy', pullPolicy(text(volume.image.reference)))
}

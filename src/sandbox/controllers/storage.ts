/** Volumes, claims and classes as the storage controller reads and writes them. */
import type { KubeObject } from '../object.ts'

export const storageClasses = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' }

export interface Claim extends KubeObject {
  spec: {
    volumeName?: string
    storageClassName?: string
    accessModes?: string[]
    volumeMode?: string
    resources?: { requests?: Record<string, string> }
  }
  status?: { phase?: string; [field: string]: unknown }
}

export interface Volume extends KubeObject {
  spec: {
    claimRef?: { namespace?: string; name: string; uid?: string; [field: string]: unknown }
    storageClassName?: string
    accessModes?: string[]
    volumeMode?: string
    capacity?: Record<string, string>
    persistentVolumeReclaimPolicy?: string
    [field: string]: unknown
  }
  status?: { phase?: string; [field: string]: unknown }
}

const defaultAnnotation = 'storageclass.kubernetes.io/is-default-class'

/** The sandbox's own class: its volumes are made when a claim asks. */
export const standardClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { [defaultAnnotation]: 'true' } },
  provisioner: 'sandbox.tiphys.io/local',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
}

export function isDefaultClass({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[defaultAnnotation] === 'true' && !metadata.deletionTimestamp
}

/** A volume made for this claim, not stored yet. */
export function provisionedVolume({ metadata, spec }: Claim): Volume {
  const { namespace, name = '', uid } = metadata
  const volume = `pvc-${uid}`
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volume,
      annotations: { 'pv.kubernetes.io/provisioned-by': standardClass.provisioner },
      finalizers: ['kubernetes.io/pv-protection'],
    },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: spec.resources?.requests?.storage ?? '1Gi' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      hostPath: { path: `/var/lib/sandbox/${volume}`, type: 'DirectoryOrCreate' },
      persistentVolumeReclaimPolicy: 'Delete',
      ...(spec.storageClassName && { storageClassName: spec.storageClassName }),
      volumeMode: spec.volumeMode ?? 'Filesystem',
    },
  }
}

/** The claim with its volume's name, and the marks that the binding is the controller's and done. */
export function boundClaim(claim: Claim, volume: Volume): Claim {
  const annotations = {
    ...claim.metadata.annotations,
    'pv.kubernetes.io/bind-completed': 'yes',
    ...(!claim.spec.volumeName && { 'pv.kubernetes.io/bound-by-controller': 'yes' }),
  }
  const spec = { ...claim.spec, volumeName: volume.metadata.name }
  return { ...claim, metadata: { ...claim.metadata, annotations }, spec }
}

export function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const finalizers = object.metadata.finalizers?.filter((other) => other !== finalizer)
  return { ...object, metadata: { ...object.metadata, finalizers } }
}

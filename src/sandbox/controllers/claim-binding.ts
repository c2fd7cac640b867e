/** PersistentVolumeClaims and volumes: matched, or provisioned; bound; kept while in use; given back. */
import { compareQuantities, parseQuantity } from '../kinds/quantity.ts'
import type { KubeObject } from '../object.ts'
import { type ControllerContext, referenceTo } from './context.ts'
import { type Informer, keyOf, objectKey, splitKey, startInformer } from './informer.ts'
import { isFinished } from './pod-state.ts'
import type { Claim, Volume } from './storage.ts'
import {
  boundClaim,
  isDefaultClass,
  provisionedVolume,
  standardClass,
  storageClasses,
  withoutFinalizer,
} from './storage.ts'

const component = 'persistentvolume-controller'
const claimProtection = 'kubernetes.io/pvc-protection'
const volumeProtection = 'kubernetes.io/pv-protection'

function sizeOf(amounts: Record<string, string> | undefined) {
  return parseQuantity(amounts?.storage ?? '0')
}

function fits(volume: Volume, claim: Claim): boolean {
  const { spec } = volume
  const { namespace, name, uid } = claim.metadata
  if (spec.claimRef) {
    const isNamed = spec.claimRef.namespace === namespace && spec.claimRef.name === name
    // With a uid it was bound to one claim already: another of that name is not the same
    return isNamed && (spec.claimRef.uid === undefined || spec.claimRef.uid === uid)
  }
  return (
    !volume.metadata.deletionTimestamp &&
    (spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
    (spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem') &&
    (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)) &&
    compareQuantities(sizeOf(spec.capacity), sizeOf(claim.spec.resources?.requests)) >= 0
  )
}

class Storage {
  readonly #context: ControllerContext
  readonly #claims: Informer<Claim>
  readonly #volumes: Informer<Volume>
  readonly #classes: Informer

  constructor(context: ControllerContext, classes: Informer) {
    this.#context = context
    // The informers hold these kinds
    this.#claims = context.informers.claims as Informer<Claim>
    this.#volumes = context.informers.volumes as Informer<Volume>
    this.#classes = classes
  }

  claim(key: string): void {
    const claim = this.#claims.get(...splitKey(key))
    if (!claim) return
    if (claim.metadata.deletionTimestamp) this.#releaseClaim(claim)
    else if (claim.spec.volumeName) this.#confirm(claim, this.#volumes.get(undefined, claim.spec.volumeName))
    else this.#find(claim)
  }

  volume(name: string): void {
    const volume = this.#volumes.get(undefined, name)
    if (!volume) return
    const { claimRef } = volume.spec
    const claim = claimRef && this.#claims.get(claimRef.namespace, claimRef.name)
    const isBound = claim && claim.spec.volumeName === name && (!claimRef.uid || claimRef.uid === claim.metadata.uid)
    if (volume.metadata.deletionTimestamp) {
      if (!isBound) this.#free(this.#volumes, volume, volumeProtection)
    } else if (isBound) this.#setPhase(volume, 'Bound')
    else if (!claimRef?.uid) this.#setPhase(volume, 'Available')
    else this.#reclaim(volume)
  }

  #find(claim: Claim): void {
    const candidates = [...this.#volumes.all()].filter((volume) => fits(volume, claim))
    const [smallest] = candidates.sort((a, b) => compareQuantities(sizeOf(a.spec.capacity), sizeOf(b.spec.capacity)))
    if (smallest) this.#bind(claim, smallest)
    else this.#provision(claim)
  }

  /** A claim without a class takes the default one as soon as there is one. */
  #provision(claim: Claim): void {
    const { client, events } = this.#context
    const asked = claim.spec.storageClassName
    const found =
      asked === undefined ? [...this.#classes.all()].find(isDefaultClass) : this.#classes.get(undefined, asked)
    if (!found) {
      const message = asked
        ? `storageclass.storage.k8s.io "${asked}" not found`
        : 'no persistent volumes available for this claim and no storage class is set'
      const text = {
        type: asked ? 'Warning' : 'Normal',
        reason: asked ? 'ProvisioningFailed' : 'FailedBinding',
        message,
      } as const
      if (claim.status?.phase !== 'Pending' || !this.#told.has(claim.metadata.uid ?? ''))
        events.record(component, claim, text)
      this.#told.add(claim.metadata.uid ?? '')
      return
    }
    if (found.provisioner !== standardClass.provisioner) return
    const name = found.metadata.name ?? ''
    const classed = { ...claim, spec: { ...claim.spec, storageClassName: name } }
    const current = asked === undefined ? (client.update(this.#claims.resource, classed) as Claim) : claim
    const volume = client.create(this.#volumes.resource, provisionedVolume(current)) as Volume
    const message = `Successfully provisioned volume ${volume.metadata.name}`
    events.record(standardClass.provisioner, current, { reason: 'ProvisioningSucceeded', message })
    this.#bind(current, volume)
  }

  /** Claims that were told already that there is nothing for them. */
  readonly #told = new Set<string>()

  #bind(claim: Claim, volume: Volume): void {
    const { client } = this.#context
    const { namespace, name, uid } = claim.metadata
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid }
    const isReferenced = volume.spec.claimRef?.uid === uid
    const spec = { ...volume.spec, claimRef }
    const referenced = isReferenced ? volume : (client.update(this.#volumes.resource, { ...volume, spec }) as Volume)
    const bound = client.update(this.#claims.resource, boundClaim(claim, referenced)) as Claim
    this.#told.delete(uid ?? '')
    this.#confirm(bound, referenced)
  }

  #confirm(claim: Claim, volume: Volume | undefined): void {
    const { client } = this.#context
    if (!volume || (volume.spec.claimRef?.uid && volume.spec.claimRef.uid !== claim.metadata.uid)) {
      if (claim.status?.phase === 'Bound')
        client.updateStatus(this.#claims.resource, { ...claim, status: { ...claim.status, phase: 'Lost' } })
      return
    }
    if (volume.spec.claimRef?.uid !== claim.metadata.uid) {
      this.#bind(claim, volume)
      return
    }
    this.#setPhase(volume, 'Bound')
    if (claim.status?.phase === 'Bound') return
    const status = { phase: 'Bound', accessModes: volume.spec.accessModes, capacity: volume.spec.capacity }
    client.updateStatus(this.#claims.resource, { ...claim, status })
  }

  #setPhase(volume: Volume, phase: string): void {
    if (volume.status?.phase === phase) return
    this.#context.client.updateStatus(this.#volumes.resource, { ...volume, status: { ...volume.status, phase } })
  }

  /** Its claim is gone. */
  #reclaim(volume: Volume): void {
    if (volume.spec.persistentVolumeReclaimPolicy === 'Delete') {
      this.#context.client.delete(referenceTo(this.#volumes.resource, volume))
    } else this.#setPhase(volume, 'Released')
  }

  #releaseClaim(claim: Claim): void {
    const { namespace = '', name } = claim.metadata
    const isUsed = [...this.#context.informers.pods.inNamespace(namespace)].some(
      (pod) => !isFinished(pod) && pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name),
    )
    if (!isUsed) this.#free(this.#claims, claim, claimProtection)
  }

  #free(informer: Informer, object: KubeObject, finalizer: string): void {
    if (!object.metadata.finalizers?.includes(finalizer)) return
    this.#context.client.update(informer.resource, withoutFinalizer(object, finalizer))
  }
}

/** `provision`: makes the class `standard`, whose volumes are made on demand. */
export function startStorage(context: ControllerContext, provision: boolean): () => void {
  const { client, informers, queues } = context
  const classes = startInformer(client, storageClasses)
  if (provision && !classes.get(undefined, 'standard')) client.create(storageClasses, standardClass)
  const storage = new Storage(context, classes)
  const claimQueue = queues.queue((key) => storage.claim(key))
  const volumeQueue = queues.queue((key) => storage.volume(key))
  const waiting = () =>
    [...informers.claims.all()].filter(({ status }) => (status as { phase?: string })?.phase !== 'Bound')

  informers.claims.onChange((now, old) => {
    const claim = now ?? old
    if (claim) claimQueue.add(keyOf(claim))
    const volumeName = (claim as Claim | undefined)?.spec.volumeName
    if (volumeName) volumeQueue.add(volumeName)
  })
  informers.volumes.onChange((now, old) => {
    const volume = (now ?? old) as Volume | undefined
    if (now) volumeQueue.add(keyOf(now))
    const { claimRef } = volume?.spec ?? {}
    if (claimRef) claimQueue.add(objectKey(claimRef.namespace, claimRef.name))
    else if (now && !old) for (const claim of waiting()) claimQueue.add(keyOf(claim))
  })
  classes.onChange(() => {
    for (const claim of waiting()) claimQueue.add(keyOf(claim))
  })
  informers.pods.onChange((now, old) => {
    // A claim that is to go is held by the pods that mount it
    const left = now && !isFinished(now) ? undefined : old
    for (const { persistentVolumeClaim } of left?.spec.volumes ?? []) {
      if (persistentVolumeClaim) claimQueue.add(objectKey(left?.metadata.namespace, persistentVolumeClaim.claimName))
    }
  })
  return classes.stop
}

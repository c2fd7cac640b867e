/** Gives a new claim the default StorageClass and a new Ingress the default IngressClass. */
import { child, isAbsent } from '../kinds/fields.ts'
import { isDefaultClass } from '../kinds/storage/storage-class.ts'
import type { KubeObject } from '../object.ts'
import type { AdmissionRequest } from './request.ts'

const oldAnnotation = 'volume.beta.kubernetes.io/storage-class'

/** Of several defaults the newest counts. */
function newest(classes: KubeObject[]): KubeObject | undefined {
  return classes.toSorted((a, b) => {
    const [then, now] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '']
    if (then !== now) return then < now ? 1 : -1
    return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
  })[0]
}

function setStorageClass({ object, cluster }: AdmissionRequest): void {
  const spec = child(object, 'spec')
  if (!isAbsent(spec.storageClassName) || object.metadata.annotations?.[oldAnnotation] !== undefined) return
  const classes = cluster.list({ group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' })
  const chosen = newest(classes.filter(isDefaultClass))
  if (chosen) spec.storageClassName = chosen.metadata.name
}

function setIngressClass(request: AdmissionRequest): void {
  const { object, cluster } = request
  const spec = child(object, 'spec')
  if (!isAbsent(spec.ingressClassName)) return
  if (object.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return
  const classes = cluster.list({ group: 'networking.k8s.io', version: 'v1', resource: 'ingressclasses' })
  const defaults = classes.filter(
    ({ metadata }) => metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true',
  )
  const chosen = newest(defaults)
  if (chosen) spec.ingressClassName = chosen.metadata.name
}

const setters: Record<string, (request: AdmissionRequest) => void> = {
  '/persistentvolumeclaims': setStorageClass,
  'networking.k8s.io/ingresses': setIngressClass,
}

export function setDefaultClass(request: AdmissionRequest): void {
  if (request.operation !== 'CREATE' || request.subresource) return
  setters[`${request.group}/${request.resource}`]?.(request)
}

/** Marks what a sync applies as belonging to its application. */
import { annotation, formatTrackingId, type KubeObject, keyOf } from '../model/index.ts'

/** The object with the annotation by which it is found again. `instanceName` as `instanceName()` gives it. */
export function track(object: KubeObject, instanceName: string): KubeObject {
  const trackingId = formatTrackingId({ application: instanceName, key: keyOf(object) })
  const annotations = { ...object.metadata.annotations, [annotation.trackingId]: trackingId }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

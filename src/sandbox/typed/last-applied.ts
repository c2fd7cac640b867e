/** The annotation of client-side apply, which the server itself keeps up for the manager `kubectl`. */
import type { GroupVersionKind, JsonObject, KubeObject } from '../object.ts'
import { check } from './check.ts'
import { compare } from './compare.ts'
import { describe } from './describe.ts'
import { difference, type FieldSet } from './field-set.ts'
import { toSortedJson } from './json.ts'
import { objectJson } from './managed-fields.ts'
import { apiVersionOf } from './managers.ts'
import type { Type } from './type.ts'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** All annotations of one object together may not be larger. */
const annotationLimit = 256 * 1024

export function isLastApplied(object: KubeObject): boolean {
  return Boolean(object.metadata.annotations?.[annotation])
}

/** The object with the annotation renewed from what was applied; left out when it would be too large. */
export function withLastApplied(object: KubeObject, config: KubeObject): KubeObject {
  const annotations = { ...object.metadata.annotations }
  const { [annotation]: _, ...configAnnotations } = config.metadata?.annotations ?? {}
  const metadata = { ...config.metadata, annotations: configAnnotations }
  if (Object.keys(configAnnotations).length === 0) {
    delete (metadata as { annotations?: unknown }).annotations
  }
  annotations[annotation] = `${toSortedJson({ ...config, metadata })}\n`
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  if (size > annotationLimit) {
    delete annotations[annotation]
  }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** The fields that client-side apply set and that still have its values: `kubectl` may take them over. */
export function lastAppliedSet(live: KubeObject, type: Type, gvk: GroupVersionKind): FieldSet | undefined {
  const config = parse(live.metadata.annotations?.[annotation])
  if (!config || config.apiVersion !== apiVersionOf(gvk) || check(config, type).length > 0) {
    return undefined
  }
  const { modified, added, removed } = compare(config, objectJson(live), type)
  return difference(difference(difference(describe(config, type), modified), added), removed)
}

function parse(text: string | undefined): JsonObject | undefined {
  try {
    return text ? (JSON.parse(text) as JsonObject) : undefined
  } catch {
    return undefined
  }
}

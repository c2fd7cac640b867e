/** Objects and lists as text, in the representation asked for. */
import { groupVersion, type Resource } from '../discovery/resource.ts'
import type { ListMeta } from '../lifecycle/read.ts'
import type { KubeObject } from '../object.ts'
import { toJson } from '../typed/json.ts'

/** The text of each stored object is made once; stored objects never change, so the text lives as long as they do. */
const texts = new WeakMap<KubeObject, string>()

/** The object's JSON without the head that names kind and apiVersion: from `"metadata"` to the closing brace. */
function tailText(object: KubeObject): string {
  const known = texts.get(object)
  if (known !== undefined) return known
  const { kind: _kind, apiVersion: _apiVersion, ...tail } = object
  const text = toJson(tail).slice(1)
  texts.set(object, text)
  return text
}

export function objectText(object: KubeObject): string {
  return `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${tailText(object)}`
}

/** A list's JSON. Items of built-in kinds carry no kind and apiVersion, those of custom resources do. */
export function listText(resource: Resource, metadata: ListMeta, items: readonly KubeObject[]): string {
  const apiVersion = groupVersion(resource)
  const head = `{"kind":"${resource.listKind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`
  const itemHead = resource.custom ? `{"apiVersion":"${apiVersion}","kind":"${resource.kind}",` : '{'
  return `${head}${items.map((item) => itemHead + tailText(item)).join(',')}]}`
}

/** A PartialObjectMetadataList's JSON; its items do carry kind and apiVersion. */
export function metadataListText(metadata: ListMeta, items: readonly KubeObject[]): string {
  const head = `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)}`
  return `${head},"items":[${items.map((item) => toJson(partialMetadata(item))).join(',')}]}`
}

export function partialMetadata(object: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}

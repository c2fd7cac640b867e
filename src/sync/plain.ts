/** Objects so simple that no server can find a fault in them, apart from permissions, quotas and policies. Pure. */
import type { KubeObject } from '../model/index.ts'

const kinds: Record<string, readonly string[]> = {
  ConfigMap: ['data', 'immutable'],
  Secret: ['data', 'stringData', 'immutable', 'type'],
  ServiceAccount: ['automountServiceAccountToken'],
}
const metadataFields = new Set(['name', 'namespace', 'labels', 'annotations'])

const dnsName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const qualifiedName = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/
const labelValue = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/
const dataKey = /^(?!\.{1,2}$)[-\w.]{1,253}$/
const base64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const mostBytes = 200_000

/** A bare ConfigMap, opaque Secret or ServiceAccount, well within every limit; in doubt false. */
export function isPlain(object: KubeObject): boolean {
  const { apiVersion, kind, metadata, ...fields } = object
  const known = kinds[kind]
  return (
    apiVersion === 'v1' &&
    known !== undefined &&
    Object.entries(fields).every(([name, value]) => known.includes(name) && isPlainField(name, value, kind)) &&
    isPlainMetadata(metadata) &&
    JSON.stringify(object).length < mostBytes
  )
}

function isPlainMetadata(metadata: KubeObject['metadata']): boolean {
  return (
    dnsName.test(metadata.name) &&
    Object.keys(metadata).every((name) => metadataFields.has(name)) &&
    isMap(metadata.labels ?? {}, qualifiedName, labelValue) &&
    isMap(metadata.annotations ?? {}, qualifiedName)
  )
}

function isPlainField(name: string, value: unknown, kind: string): boolean {
  if (name === 'type') return value === 'Opaque'
  if (name === 'immutable' || name === 'automountServiceAccountToken') return typeof value === 'boolean'
  return isMap(value, dataKey, kind === 'Secret' && name === 'data' ? base64 : undefined)
}

function isMap(value: unknown, key: RegExp, text?: RegExp): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, entry]) => key.test(name) && typeof entry === 'string' && (text === undefined || text.test(entry)),
    )
  )
}

/** What a change has come to, small enough for a line of the log, and without what is secret. Pure. */
import { maskSecrets } from '../../diff/mask-secret.ts'
import { annotation, isSecret, type KubeObject, mergePatch, secretMask, stringifyJson } from '../../model/index.ts'

type Document = Record<string, unknown>

export interface ChangedParts {
  /** As it was; null where there was nothing. Absent when nothing that counts differs, or there was no such object. */
  before?: Document
  after?: Document
}

export function changedParts(before: object | undefined, after: object | undefined): ChangedParts {
  const [old, now] = masked(declared(before), declared(after))
  const was = mergePatch(now ?? {}, old ?? {})
  const is = mergePatch(old ?? {}, now ?? {})
  return { ...(before && was && { before: was }), ...(after && is && { after: is }) }
}

/** What the server and controllers write by themselves is nobody's change. */
function declared(object: object | undefined): Document | undefined {
  if (!object) return undefined
  const { status: _status, metadata, ...rest } = object as Document
  if (!isDocument(metadata)) return rest
  const { name, namespace, labels, annotations, finalizers } = metadata
  // Those of a Secret may be as secret as its values.
  const told = isSecret(object as KubeObject) ? undefined : withoutApplied(annotations)
  return { ...rest, metadata: { name, namespace, labels, annotations: told, finalizers } }
}

/** It repeats the whole object, with whatever was secret in it. */
function withoutApplied(annotations: unknown): unknown {
  if (!isDocument(annotations)) return annotations
  const { [annotation.lastApplied]: _applied, ...rest } = annotations
  return rest
}

type Sides = [before: Document | undefined, after: Document | undefined]

function masked(...sides: Sides): Sides {
  const shown = sides.some((side) => side && isSecret(side as unknown as KubeObject))
    ? (maskSecrets(...(sides as (KubeObject | undefined)[])) as Sides)
    : sides
  const [before, after] = shown
  return [hide(before, after) as Document | undefined, hide(after, before, `${secretMask}++++`) as Document | undefined]
}

/** Fields that may hold what is secret, by the field that they stand in; '' for any. */
const hidden: Record<string, readonly string[]> = {
  '': ['password', 'token', 'bearerToken', 'sshPrivateKey', 'manifests'],
  helm: ['values', 'valuesObject'],
  parameters: ['value', 'string', 'array', 'map'],
  extVars: ['value'],
  tlas: ['value'],
  env: ['value'],
  kustomize: ['patches'],
}

/** Values that both sides share get the same mask on both; one that has changed gets a longer one after the change. */
function hide(value: unknown, other: unknown, mask = secretMask, parent = ''): unknown {
  if (typeof value === 'string') return withoutValues(value)
  if (Array.isArray(value)) {
    return value.map((item, index) => hide(item, counterpart(item, index, other), mask, parent))
  }
  if (!isDocument(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const opposite = isDocument(other) ? other[name] : undefined
      if (!isHidden(parent, name)) return [name, hide(item, opposite, mask, name)]
      return [name, stringifyJson(item) === stringifyJson(opposite) ? secretMask : mask]
    }),
  )
}

function isHidden(parent: string, name: string): boolean {
  return (
    hidden['']?.includes(name) === true || (Object.hasOwn(hidden, parent) && hidden[parent]?.includes(name) === true)
  )
}

/** Entries with names stay the same ones when others come before them. */
function counterpart(item: unknown, index: number, others: unknown): unknown {
  if (!Array.isArray(others)) return undefined
  if (!isDocument(item) || typeof item.name !== 'string') return others[index]
  return others.find((other) => isDocument(other) && other.name === item.name)
}

/** Addresses may carry a name and a password. */
export function withoutValues(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, `$1${secretMask}@`)
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

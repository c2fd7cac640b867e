/** What an import comes to: what is made, changed, left and pruned. Pure. */
import { deepEqual } from 'fast-equals'
import { annotation, type KubeObject, keyOf, keyText, label } from '../../model/index.ts'
import {
  accessName,
  isCredentials,
  isImageUpdater,
  isIn,
  isOwnKind,
  isOwnSecret,
  isSettings,
  type Namespaces,
  redisName,
} from './installation.ts'
import { keptAccess } from './kept-access.ts'

export interface ImportOptions {
  namespace: string
  others: Namespaces
  /** The tracking marks of what is there stay. */
  ignoreTracking: boolean
  /** Operations that are under way are taken off. */
  stopOperation: boolean
  /** `key=value`: such objects are neither made, changed nor pruned. */
  skipLabel?: string
}

export interface ImportStep {
  verb: 'create' | 'update' | 'keep' | 'skip' | 'refuse' | 'prune'
  /** As it is to be; as it is, where it is pruned or kept. */
  object: KubeObject
  /** Why it is refused. */
  reason?: string
}

export function importPlan(wanted: KubeObject[], live: KubeObject[], options: ImportOptions): ImportStep[] {
  const meant = revocationsFirst(wanted.map((object) => placed(object, options.namespace)))
  const there = new Map(live.map((object) => [keyText(keyOf(object)), object]))
  const steps = meant.map((object) => stepFor(object, there.get(keyText(keyOf(object))), options))
  const named = new Set(meant.map((object) => keyText(keyOf(object))))
  const extra = live.filter((object) => !named.has(keyText(keyOf(object))))
  return [...steps, ...extra.flatMap((object) => pruneStep(object, options))]
}

function placed(object: KubeObject, home: string): KubeObject {
  const { status, ...rest } = object
  const metadata = { ...object.metadata, namespace: object.metadata.namespace || home }
  // What an ImageUpdater has come to is written apart from the rest, and anew by whoever carries it out.
  return { ...rest, ...(status !== undefined && !isImageUpdater(object) && { status }), metadata } as KubeObject
}

/** Before the key that makes sessions valid: none that was signed out counts for a moment. */
function revocationsFirst(objects: KubeObject[]): KubeObject[] {
  return [...objects.filter(isAccess), ...objects.filter((object) => !isAccess(object))]
}

const isAccess = (object: KubeObject) => isOwnSecret(object) && object.metadata.name === accessName
const isOfRedis = (object: KubeObject) => isOwnSecret(object) && object.metadata.name === redisName

function stepFor(object: KubeObject, live: KubeObject | undefined, options: ImportOptions): ImportStep {
  const reason = refusal(object, options)
  if (reason) return { verb: 'refuse', object, reason }
  if (isSkipped(object, options)) return { verb: 'skip', object }
  if (!live) return { verb: 'create', object }
  // What runs here has been started with it.
  if (isOfRedis(object)) return { verb: 'keep', object: live }
  const kept = isAccess(object) ? keptAccess(object, live) : object
  const meant = options.ignoreTracking ? trackedAs(kept, live) : kept
  const stops = options.stopOperation && live.operation !== undefined
  if (!stops && isSame(meant, live)) return { verb: 'keep', object: live }
  return { verb: 'update', object: laidOver(meant, live, stops) }
}

/** A backup is no way to make just anything: its objects are those of an installation. */
function refusal(object: KubeObject, { namespace, others }: ImportOptions): string | undefined {
  const belongs = [isSettings, isCredentials, isOwnSecret, isOwnKind, isImageUpdater].some((is) => is(object))
  if (!belongs) return 'it is nothing of an installation'
  const globs =
    object.kind === 'Application' ? others.applications : object.kind === 'ApplicationSet' ? others.applicationSets : []
  return isIn(object, { namespace, globs })
    ? undefined
    : `nothing of this kind is taken in namespace ${object.metadata.namespace}`
}

function isSkipped({ metadata }: KubeObject, { skipLabel }: ImportOptions): boolean {
  const [key = '', value = ''] = skipLabel?.split('=', 2) ?? []
  return key !== '' && metadata.labels?.[key] === value
}

/**
 * Settings stay, and the Secrets of the installation itself: without them it would be another one. So do ImageUpdaters: an
 * export of Argo CD's has none.
 */
function pruneStep(object: KubeObject, options: ImportOptions): ImportStep[] {
  const isPruned = isOwnKind(object) || (isCredentials(object) && !isOwnSecret(object))
  if (!isPruned) return []
  return [{ verb: isSkipped(object, options) ? 'skip' : 'prune', object }]
}

const contents = ['spec', 'data', 'binaryData', 'type', 'status'] as const

/** What a backup does not have of these is left as it is. */
function isSame(object: KubeObject, live: KubeObject): boolean {
  return (
    deepEqual(withoutLastApplied(object.metadata.annotations), withoutLastApplied(live.metadata.annotations)) &&
    deepEqual(object.metadata.labels ?? {}, live.metadata.labels ?? {}) &&
    deepEqual(object.metadata.finalizers ?? [], live.metadata.finalizers ?? []) &&
    contents.every((field) => object[field] === undefined || deepEqual(object[field], live[field]))
  )
}

function withoutLastApplied(annotations: Record<string, string> = {}): Record<string, string> {
  const { [annotation.lastApplied]: _, ...others } = annotations
  return others
}

function laidOver(object: KubeObject, live: KubeObject, stops: boolean): KubeObject {
  const { labels, annotations, finalizers } = object.metadata
  const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ...metadata } = live.metadata
  const { operation, ...rest } = live
  const changed = Object.fromEntries(
    contents.flatMap((field) => (object[field] === undefined ? [] : [[field, object[field]]])),
  )
  return {
    ...rest,
    metadata: {
      ...metadata,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
    ...changed,
    ...(!stops && operation !== undefined && { operation }),
  } as KubeObject
}

/** The marks of what is there, where the backup has any. */
function trackedAs(object: KubeObject, live: KubeObject): KubeObject {
  const { labels, annotations } = object.metadata
  const from = (mine: Record<string, string> | undefined, theirs: Record<string, string> | undefined, key: string) =>
    mine?.[key] !== undefined && theirs?.[key] !== undefined ? { ...mine, [key]: theirs[key] } : mine
  const marked = {
    labels: from(labels, live.metadata.labels, label.instance),
    annotations: from(annotations, live.metadata.annotations, annotation.trackingId),
  }
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(marked.labels && { labels: marked.labels }),
      ...(marked.annotations && { annotations: marked.annotations }),
    },
  }
}

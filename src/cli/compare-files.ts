/** Objects as they should be against objects as they are, both from files: told without asking any server. */
import { type ComparisonRules, compareObject, normalise } from '../diff/index.ts'
import {
  type Application,
  annotation,
  groupOf,
  isSecret,
  type KubeObject,
  keyOf,
  keyText,
  listAnnotation,
  type ObjectComparison,
} from '../model/index.ts'
import { isHook } from '../sync/index.ts'

export interface Files {
  desired: KubeObject[]
  live: KubeObject[]
  rules: ComparisonRules
  /** Its destination's namespace is that of objects which name none. */
  application: Application | undefined
}

/** First what is desired, in its order; then what is only live. */
export async function compareFiles({ desired, live, rules, application }: Files): Promise<ObjectComparison[]> {
  const there = new Map(live.map((object) => [keyText(keyOf(object)), readable(object)]))
  const namespace = application?.spec.destination.namespace
  const options = { ...rules.options, serverSide: false }
  const wanted = desired.filter((object) => !isHook(object)).map(normalise)
  const found: ObjectComparison[] = []
  for (const declared of wanted) {
    const untracked = placed(declared, there, namespace)
    const current = there.get(keyText(keyOf(untracked)))
    there.delete(keyText(keyOf(untracked)))
    const object = trackedAs(untracked, current)
    const server = { predict: () => Promise.reject(new Error('there is no server')), read: async () => current }
    const about = rules.ignore.rulesFor(keyOf(object))
    found.push(await compareObject({ desired: object, live: current, rules: about, options, server, wasSynced: false }))
  }
  const extra = [...there.values()].filter((object) => !isHook(object) && !isExtraneous(object) && !isMade(object))
  return [
    ...found,
    ...extra.map((object) => ({
      ...keyOf(object),
      verdict: 'extra' as const,
      fields: [],
      ignored: [],
      undeclared: [],
    })),
  ]
}

/** Manifests often leave the namespace open: it is that of the live object, if only one has this name. */
function placed(object: KubeObject, there: Map<string, KubeObject>, namespace: string | undefined): KubeObject {
  if (object.metadata.namespace || there.has(keyText(keyOf(object)))) return object
  const inPlace = (place: string): KubeObject => ({ ...object, metadata: { ...object.metadata, namespace: place } })
  if (namespace && there.has(keyText(keyOf(inPlace(namespace))))) return inPlace(namespace)
  const namesakes = [...there.values()].filter(
    ({ apiVersion, kind, metadata }) =>
      groupOf(apiVersion) === groupOf(object.apiVersion) &&
      kind === object.kind &&
      metadata.name === object.metadata.name,
  )
  const [only, ...others] = namesakes
  return only?.metadata.namespace && others.length === 0 ? inPlace(only.metadata.namespace) : object
}

/** A sync adds the marks of tracking; no source has them. */
function trackedAs(object: KubeObject, live: KubeObject | undefined): KubeObject {
  const marks = [annotation.trackingId, annotation.installationId].flatMap((name) => {
    const value = live?.metadata.annotations?.[name]
    return value === undefined ? [] : [[name, value]]
  })
  if (marks.length === 0) return object
  const annotations = { ...object.metadata.annotations, ...Object.fromEntries(marks) }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** A server never shows `stringData`; a file may have it. */
function readable(live: KubeObject): KubeObject {
  const { stringData, ...rest } = live
  return stringData === undefined || !isSecret(live) ? live : ({ ...rest, data: normalise(live).data } as KubeObject)
}

/** By a controller, such as the Pods of a Deployment. */
function isMade({ metadata }: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ controller }) => controller) ?? false
}

function isExtraneous({ metadata }: KubeObject): boolean {
  return listAnnotation(metadata.annotations?.[annotation.compareOptions]).includes('IgnoreExtraneous')
}

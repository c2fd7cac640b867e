/**
 * What is read out of a live object, once for each version of it. Live objects are kept packed, and most looks find most
 * of them unchanged: without this every look would unpack them all.
 */
import { assessHealth, type HealthAssessor } from '../health/index.ts'
import { isHealthKind } from '../live/index.ts'
import { type ApplicationHealth, annotation, type Health, type KubeObject, listAnnotation } from '../model/index.ts'
import { isHook } from '../sync/index.ts'
import type { LiveView } from './compare.ts'

interface Facts {
  isHook: boolean
  /** It may stand beside what is declared without counting. */
  isExtraneous: boolean
  /** Its health is not that of the application. */
  ignoresHealth: boolean
  images: string[]
  /** By these rules; why it is as it is may depend on what the object owns, and so change without it. */
  own?: { rules: object; health: Health | undefined }
}

const remembered = new WeakMap<LiveView, Facts>()

export function factsOf(live: LiveView): Facts {
  const known = remembered.get(live)
  if (known) return known
  const { object } = live
  const options = listAnnotation(object.metadata.annotations?.[annotation.compareOptions])
  const facts: Facts = {
    isHook: isHook(object),
    isExtraneous: options.includes('IgnoreExtraneous'),
    ignoresHealth: object.metadata.annotations?.[annotation.ignoreHealthcheck] === 'true',
    images: imagesOf(object),
  }
  remembered.set(live, facts)
  return facts
}

/** With the cause down the owner chain, for an object that is not well. */
export function healthOf(
  live: LiveView,
  childrenOf: (uid: string) => LiveView[],
  assessor: HealthAssessor,
): ApplicationHealth | undefined {
  const own = ownHealth(live, assessor)
  if (!own || own.status === 'Healthy' || own.status === 'Suspended') return own
  const { object } = live
  const views = new Map([[object, live]])
  const children = (uid: string) =>
    childrenOf(uid).map((child) => {
      const { object: owned } = child
      views.set(owned, child)
      return owned
    })
  return assessor.explain(object, children, (other) =>
    ownHealth(views.get(other) ?? { ...live, object: other }, assessor),
  )
}

function ownHealth(live: LiveView, assessor: HealthAssessor): Health | undefined {
  const facts = factsOf(live)
  if (facts.own?.rules !== assessor.rules) facts.own = { rules: assessor.rules, health: assess(live, assessor) }
  return facts.own.health
}

/** Of what no application tracks only few kinds are kept with their status, and of those not what a script may ask for. */
function assess({ object, key, full }: LiveView, assessor: HealthAssessor): Health | undefined {
  if (full !== false) return assessor.assess(object)
  return isHealthKind(key.group, key.kind) ? assessHealth(object) : undefined
}

interface PodLike {
  spec?: { containers?: { image?: string }[]; initContainers?: { image?: string }[] }
}

/** Where a pod specification stands in the kinds that have one. */
function podOf(object: KubeObject): PodLike | undefined {
  if (object.kind === 'Pod') return object as PodLike
  const spec = object.spec as { template?: PodLike; jobTemplate?: { spec?: { template?: PodLike } } } | undefined
  return spec?.jobTemplate?.spec?.template ?? spec?.template
}

function imagesOf(object: KubeObject): string[] {
  const pod = podOf(object)?.spec
  // A custom resource may hold anything under these names.
  const containers = [pod?.initContainers, pod?.containers].flatMap((list) => (Array.isArray(list) ? list : []))
  return containers.flatMap(({ image }) => (typeof image === 'string' ? [image] : []))
}

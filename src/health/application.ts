/** An application's health: that of its worst resource. */
import {
  type ApplicationHealth,
  annotation,
  isWorse,
  type KubeObject,
  keyText,
  type ResourceKey,
} from '../model/index.ts'

export interface ResourceHealth {
  key: ResourceKey
  /** The live object; undefined when it is missing. */
  live: KubeObject | undefined
  /** From `explainHealth`; undefined for a kind without health. */
  health: ApplicationHealth | undefined
  hook?: boolean
}

/** `self`: the Application's own key, for one that manages itself. */
export function applicationHealth(resources: ResourceHealth[], self?: ResourceKey): ApplicationHealth {
  const counted = resources.filter((resource) => counts(resource, self))
  if (counted.length > 0 && counted.every(({ live }) => !live)) {
    return { status: 'Missing', message: 'none of its resources is in the cluster' }
  }
  let worst: ResourceHealth | undefined
  for (const resource of counted) {
    if (!resource.live || !resource.health || isForgiven(resource)) continue
    if (isWorse(resource.health.status, worst?.health?.status ?? 'Healthy')) worst = resource
  }
  if (!worst?.health) return { status: 'Healthy' }
  const { status } = worst.health
  const alike = counted.filter(({ live, health }) => live && health?.status === status).length - 1
  return { status, message: messageOf(worst, alike), cause: worst.health.cause ?? [worst.key] }
}

function counts({ key, live, hook }: ResourceHealth, self: ResourceKey | undefined): boolean {
  if (hook || live?.metadata.annotations?.[annotation.ignoreHealthcheck] === 'true') return false
  return !self || keyText(self) !== keyText(key)
}

/** A child application that is still to be looked at says nothing about its parent. */
function isForgiven({ key, health }: ResourceHealth): boolean {
  const isApplication = key.group === 'argoproj.io' && key.kind === 'Application'
  return isApplication && (health?.status === 'Missing' || health?.status === 'Unknown')
}

/** Such as `Deployment web → Pod web-5d5f-x1: ImagePullBackOff: …`. */
function messageOf({ key, health }: ResourceHealth, alike: number): string {
  const deeper = (health?.cause?.length ?? 0) > 1
  const text = health?.message ? `${deeper ? ' → ' : ': '}${health.message}` : ''
  const more = alike > 0 ? ` (and ${alike} more ${alike === 1 ? 'resource' : 'resources'} ${health?.status})` : ''
  return `${key.kind} ${key.name}${text}${more}`
}

/** An application's health: that of its worst resource. */
import { type ApplicationHealth, isWorse, keyText, type ResourceKey } from '../model/index.ts'

export interface ResourceHealth {
  key: ResourceKey
  /** Whether there is a live object. */
  exists: boolean
  /** From `explainHealth`; undefined for a kind without health. */
  health: ApplicationHealth | undefined
  /** A hook, or an object that asks not to count. */
  ignored: boolean
}

/** `self`: the Application's own key, for one that manages itself. */
export function applicationHealth(resources: ResourceHealth[], self?: ResourceKey): ApplicationHealth {
  const counted = resources.filter((resource) => counts(resource, self))
  if (counted.length > 0 && counted.every(({ exists }) => !exists)) {
    return { status: 'Missing', message: 'none of its resources is in the cluster' }
  }
  let worst: ResourceHealth | undefined
  for (const resource of counted) {
    if (!resource.exists || !resource.health || isForgiven(resource)) continue
    if (isWorse(resource.health.status, worst?.health?.status ?? 'Healthy')) worst = resource
  }
  if (!worst?.health) return { status: 'Healthy' }
  const { status } = worst.health
  const alike = counted.filter(({ exists, health }) => exists && health?.status === status).length - 1
  return { status, message: messageOf(worst, alike), cause: worst.health.cause ?? [worst.key] }
}

function counts({ key, ignored }: ResourceHealth, self: ResourceKey | undefined): boolean {
  return !ignored && (!self || keyText(self) !== keyText(key))
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

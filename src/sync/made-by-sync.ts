/** What a sync itself makes or changes: whatever needs that cannot be judged before. Pure. */
import { groupOf, type KubeObject } from '../model/index.ts'
import { definedKind } from './placement.ts'
import type { ApplyStep, HookStep, SyncStep } from './step.ts'

export interface MadeBySync {
  /** `group/Kind` of what its CustomResourceDefinitions define. */
  kinds: Set<string>
  /** Groups that its APIServices serve. */
  groups: Set<string>
  /** Of every object that it makes or changes. */
  names: Set<string>
  /** Something of it may be what an admission webhook waits for. */
  servesWebhooks: boolean
}

const webhookKinds = new Set(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'Service'])

export function madeBySync(steps: SyncStep[]): MadeBySync {
  const objects = steps.filter(isWrite).map(({ object }) => object)
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind)
  return {
    kinds: new Set(objects.flatMap((object) => definedKind(object) ?? [])),
    groups: new Set(ofKind('APIService').map(servedGroup)),
    names: new Set(objects.map(({ metadata }) => metadata.name)),
    servesWebhooks: objects.some(({ kind }) => webhookKinds.has(kind)),
  }
}

function isWrite(step: SyncStep): step is ApplyStep | HookStep {
  return step.verb === 'hook' || (step.verb === 'apply' && !step.inSync)
}

function servedGroup({ spec }: KubeObject): string {
  return (spec as { group?: string } | undefined)?.group ?? ''
}

/** Why a refusal says nothing about the object yet; undefined when it stands. */
export function whyTooEarly(message: string, { object }: ApplyStep | HookStep, made: MadeBySync): string | undefined {
  const group = groupOf(object.apiVersion)
  if (made.kinds.has(`${group}/${object.kind}`)) return 'its kind is defined or changed by this sync'
  if (made.groups.has(group)) return 'its API is served by what this sync deploys'
  if (/does not support dry.?run/i.test(message)) return `an admission webhook takes no dry runs: ${message}`
  if (/failed calling webhook/.test(message) && made.servesWebhooks) return `its admission webhook is part of this sync`
  for (const pattern of missingThings) {
    const name = pattern.exec(message)?.[1]
    if (name !== undefined && made.names.has(name)) return `it needs ${name}, which this sync makes or changes`
  }
  return undefined
}

const missingThings = [
  /"([^"]+)" not found/,
  /no \w+ with name (\S+) was found/,
  /exceeded quota: ([^,\s]+)/,
  /forbidden by limit ?range "?([^"\s]+)/i,
]
